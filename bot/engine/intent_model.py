"""Classify intents, with a calibrated confidence.

TF-IDF of words and letter groups captures the wording, the sentence embedding the meaning; a linear model on both needs
few examples and trains in seconds. Its own probability says nothing about sentences unlike the training data, so the
confidence is lowered by the distance to the nearest training sentence, and is then calibrated: of sentences within
scope that get a confidence of 0.8, about eight in ten are right. docs/decisions/0012-linear-intent-classifier.md has
the measurements and the rejected alternatives.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack, load_npz, save_npz
from scipy.special import expit, logit, softmax
from sklearn import config_context
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits

_Vectors = NDArray[Any] | None
_FOLDS = 3
_LOWEST = 1e-6
_MOST_STEPS = 500


def _vectorisers() -> list[TfidfVectorizer]:
    shared: dict[str, Any] = {"sublinear_tf": True, "strip_accents": "unicode"}
    return [
        TfidfVectorizer(ngram_range=(1, 2), **shared),
        # Letter groups seen once double the width and changed no held-out decision.
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=2, **shared),
    ]


class IntentModel:
    """Trained on sentences with or without their embeddings; rank sentences in the same way.

    A model trained with embeddings and used without is confidently wrong: on TechRef's own examples it fell from 0.82
    to 0.26, against 0.71 for one trained on words alone.
    """

    def __init__(self) -> None:
        self.intents: list[str] = []
        self._vectorisers = _vectorisers()
        # What was taught, one column per sentence, so that a question's row times it gives all cosines.
        self._taught: list[csr_matrix] = []
        self._taught_vectors: _Vectors = None
        self._weights = np.empty((0, 0))
        self._offsets = np.empty(0)
        self._calibration = (1.0, 0.0)

    @classmethod
    def train(
        cls, texts: Sequence[str], intents: Sequence[str], vectors: _Vectors, regularisation: float
    ) -> "IntentModel":
        """Train on sentences, their intents and their embeddings (None: on the words alone).

        ``regularisation`` is logistic regression's C: the larger, the closer the fit to the examples. Raises ValueError
        when there are fewer than two intents.
        """
        if len(set(intents)) < 2:
            raise ValueError("the intent classifier needs examples of at least two intents")
        model = cls()
        model._fit(texts, intents, vectors, regularisation)
        model._calibrate(texts, intents, vectors, regularisation)
        return model

    def rank(self, texts: Sequence[str], vectors: _Vectors) -> list[list[tuple[str, float]]]:
        """Return for every sentence all intents with their confidence from 0 to 1, the likeliest first.

        Raises ValueError when embeddings are given to a model trained without, or the other way round.
        """
        probabilities, scores = self._judge(texts, vectors)
        slope, offset = self._calibration
        confidences = expit(slope * logit(np.clip(scores, _LOWEST, 1 - _LOWEST)) + offset)
        ranked = []
        for row, confidence in zip(probabilities, confidences, strict=True):
            order = np.argsort(-row)
            # Below the winner, intents share the confidence in the proportion the model sees.
            ranked.append([(self.intents[column], float(confidence * row[column] / row[order[0]])) for column in order])
        return ranked

    def save(self, folder: Path) -> None:
        """Write the model as plain arrays: loading them cannot execute code."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {
            "weights": self._weights,
            "offsets": self._offsets,
            "intents": np.array(self.intents),
            "calibration": np.array(self._calibration),
        }
        if self._taught_vectors is not None:
            arrays["taught_vectors"] = self._taught_vectors
        for index, vectoriser in enumerate(self._vectorisers):
            save_npz(folder / f"taught_{index}.npz", self._taught[index])
            arrays[f"terms_{index}"] = vectoriser.get_feature_names_out().astype(str)
            arrays[f"rarity_{index}"] = vectoriser.idf_
        np.savez(folder / "model.npz", **arrays)

    @classmethod
    def load(cls, folder: Path) -> "IntentModel":
        """Read the files of ``save``."""
        model = cls()
        with np.load(folder / "model.npz", allow_pickle=False) as stored:
            model._weights, model._offsets = stored["weights"], stored["offsets"]
            model._calibration = (float(stored["calibration"][0]), float(stored["calibration"][1]))
            model._taught_vectors = stored.get("taught_vectors")
            model.intents = [str(intent) for intent in stored["intents"]]
            for index, vectoriser in enumerate(model._vectorisers):
                model._taught.append(load_npz(folder / f"taught_{index}.npz"))
                vectoriser.set_params(vocabulary={str(term): n for n, term in enumerate(stored[f"terms_{index}"])})
                vectoriser.idf_ = stored[f"rarity_{index}"]
        return model

    def _fit(self, texts: Sequence[str], intents: Sequence[str], vectors: _Vectors, regularisation: float) -> None:
        words = [vectoriser.fit_transform(texts) for vectoriser in self._vectorisers]
        self._taught, self._taught_vectors = [block.T.tocsr() for block in words], vectors
        blocks = words if vectors is None else [*words, vectors]
        # Every intent counts the same however many examples it has.
        regression = LogisticRegression(C=regularisation, class_weight="balanced", max_iter=_MOST_STEPS)
        # Two threads wait for each other more than they compute: more than twice the processor time.
        with threadpool_limits(limits=1):
            regression.fit(hstack(blocks, format="csr"), np.array(intents))
        self.intents = [str(name) for name in regression.classes_]
        self._weights, self._offsets = _of_each_class(regression)

    def _judge(self, texts: Sequence[str], vectors: _Vectors) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the probabilities, and per sentence the winner's probability times nearness to the training data."""
        if (vectors is None) != (self._taught_vectors is None):
            raise ValueError("the intent model must be asked as it was trained: with embeddings, or without")
        # Checking the same few settings for every message takes half as long as the words do.
        with config_context(skip_parameter_validation=True):
            blocks = [vectoriser.transform(texts) for vectoriser in self._vectorisers]
        # Rows have length one, so that a product of rows is their cosine; nearness is its mean over the blocks.
        cosines = sum((block @ taught).toarray() for block, taught in zip(blocks, self._taught, strict=True))
        if vectors is not None and self._taught_vectors is not None:
            blocks.append(vectors)
            cosines = cosines + vectors @ self._taught_vectors.T
        nearness = np.clip(cosines.max(axis=1) / len(blocks), 0, 1)
        probabilities = softmax(self._logits(blocks), axis=1)
        return probabilities, probabilities.max(axis=1) * nearness

    def _logits(self, blocks: Sequence[Any]) -> NDArray[Any]:
        """Return one logit per row and intent. Block by block: to stack them for one sentence takes longer."""
        edges = np.cumsum([0, *(block.shape[1] for block in blocks)])
        parts = zip(blocks, edges[:-1], edges[1:], strict=True)
        return self._offsets + sum(block @ self._weights[begin:end] for block, begin, end in parts)

    def _calibrate(
        self, texts: Sequence[str], intents: Sequence[str], vectors: _Vectors, regularisation: float
    ) -> None:
        """Fit the confidence to the winner's accuracy on sentences that the model had not seen.

        With too few examples (or none wrong), the uncalibrated score is kept: it errs towards caution.
        """
        labels = np.array(intents)
        folds = min(_FOLDS, int(np.unique(labels, return_counts=True)[1].min()))
        if folds < 2:
            return
        scores, right = np.zeros(len(labels)), np.zeros(len(labels), bool)
        for seen, unseen in StratifiedKFold(folds, shuffle=True, random_state=0).split(texts, labels):
            part = IntentModel()
            part._fit([texts[row] for row in seen], labels[seen].tolist(), _rows(vectors, seen), regularisation)
            probabilities, scores[unseen] = part._judge([texts[row] for row in unseen], _rows(vectors, unseen))
            right[unseen] = np.array(part.intents)[probabilities.argmax(axis=1)] == labels[unseen]
        if right.all() or not right.any():
            return
        evidence = logit(np.clip(scores, _LOWEST, 1 - _LOWEST)).reshape(-1, 1)
        fitted = LogisticRegression(C=1.0).fit(evidence, right)
        if fitted.coef_[0, 0] > 0:
            self._calibration = (float(fitted.coef_[0, 0]), float(fitted.intercept_[0]))


def _rows(vectors: _Vectors, rows: NDArray[Any]) -> _Vectors:
    return None if vectors is None else vectors[rows]


def _of_each_class(regression: LogisticRegression) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return weights, a column per class, and offsets. Of two classes scikit-learn describes only the second."""
    rows, offsets = regression.coef_, regression.intercept_
    if len(regression.classes_) == 2:
        rows, offsets = np.vstack([np.zeros_like(rows), rows]), np.concatenate([[0.0], offsets])
    return np.ascontiguousarray(rows.T), offsets
