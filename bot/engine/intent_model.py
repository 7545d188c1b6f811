"""The classifier of intents: which intent, and how sure one may be of it.

Words and letter groups (TF-IDF) say how a customer put it, the sentence embedding what was meant; a linear model on
both needs few examples and trains in seconds. Its own probability says nothing about sentences unlike anything it was
taught, so the confidence is lowered by how far the sentence is from the nearest taught one, and is then calibrated:
of sentences within scope that get a confidence of 0.8, about eight in ten are right. What was measured, and what was
turned down, is in docs/decisions/0012-engine-intent-classifier.md.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack, load_npz, save_npz
from scipy.special import expit, logit
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

_Floats = NDArray[np.float64]
_FOLDS = 5
_LOWEST = 1e-6


def _vectorisers() -> list[TfidfVectorizer]:
    shared: dict[str, Any] = {"sublinear_tf": True, "strip_accents": "unicode", "dtype": np.float32}
    return [TfidfVectorizer(ngram_range=(1, 2), **shared),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), **shared)]


class IntentModel:
    """Trained on sentences with or without their embeddings; asked in the same way as it was trained."""

    def __init__(self, regularisation: float) -> None:
        """``regularisation`` is logistic regression's C: larger follows the examples more closely."""
        self._regularisation = regularisation
        self._vectorisers = _vectorisers()
        self._taught = csr_matrix((0, 0))
        self._weights: _Floats = np.empty((0, 0))
        self._offsets: _Floats = np.empty(0)
        self._calibration = (1.0, 0.0)
        self.intents: list[str] = []

    @classmethod
    def train(cls, texts: Sequence[str], intents: Sequence[str], vectors: NDArray[Any] | None,
              regularisation: float) -> "IntentModel":
        """Learn from sentences, their intents and their embeddings (None: from the words alone).

        Raises ValueError when there are fewer than two intents.
        """
        if len(set(intents)) < 2:
            raise ValueError("the intent classifier needs examples of at least two intents")
        model = cls(regularisation)
        model._fit(texts, intents, vectors)
        model._calibrate(texts, intents, vectors)
        return model

    def rank(self, texts: Sequence[str], vectors: NDArray[Any] | None) -> list[list[tuple[str, float]]]:
        """For every sentence all intents with their confidence from 0 to 1, the likeliest first."""
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
        """Write the model as plain arrays: nothing in them can run when they are read."""
        folder.mkdir(parents=True, exist_ok=True)
        save_npz(folder / "taught.npz", self._taught)
        vocabulary = {f"terms_{index}": vectoriser.get_feature_names_out().astype(str)
                      for index, vectoriser in enumerate(self._vectorisers)}
        rarity = {f"rarity_{index}": vectoriser.idf_ for index, vectoriser in enumerate(self._vectorisers)}
        np.savez(folder / "model.npz", weights=self._weights, offsets=self._offsets,
                 calibration=np.array(self._calibration), intents=np.array(self.intents), **vocabulary, **rarity)

    @classmethod
    def load(cls, folder: Path, regularisation: float) -> "IntentModel":
        """Read what ``save`` wrote."""
        model = cls(regularisation)
        model._taught = load_npz(folder / "taught.npz")
        with np.load(folder / "model.npz", allow_pickle=False) as stored:
            model._weights, model._offsets = stored["weights"], stored["offsets"]
            model._calibration = (float(stored["calibration"][0]), float(stored["calibration"][1]))
            model.intents = [str(intent) for intent in stored["intents"]]
            for index, vectoriser in enumerate(model._vectorisers):
                vectoriser.set_params(vocabulary={str(term): n for n, term in enumerate(stored[f"terms_{index}"])})
                vectoriser.idf_ = stored[f"rarity_{index}"]
        return model

    def _fit(self, texts: Sequence[str], intents: Sequence[str], vectors: NDArray[Any] | None) -> None:
        words = [vectoriser.fit_transform(texts) for vectoriser in self._vectorisers]
        self._taught = _joined(words, vectors)
        # Balanced: an intent with many examples must not draw in what belongs to none.
        regression = LogisticRegression(C=self._regularisation, class_weight="balanced", max_iter=3000)
        regression.fit(self._taught, intents)
        self.intents = [str(intent) for intent in regression.classes_]
        self._weights, self._offsets = regression.coef_, regression.intercept_
        if len(self.intents) == 2:
            self._weights = np.vstack([-self._weights, self._weights]) / 2
            self._offsets = np.concatenate([-self._offsets, self._offsets]) / 2

    def _judge(self, texts: Sequence[str], vectors: NDArray[Any] | None) -> tuple[_Floats, _Floats]:
        """The model's probabilities, and per sentence the winner's probability times nearness to what was taught."""
        features = _joined([vectoriser.transform(texts) for vectoriser in self._vectorisers], vectors)
        logits = features @ self._weights.T + self._offsets
        probabilities = np.exp(logits - logits.max(axis=1, keepdims=True))
        probabilities /= probabilities.sum(axis=1, keepdims=True)
        # Every part of a row has length one, so that this is the mean cosine over the parts.
        parts = len(self._vectorisers) + (vectors is not None)
        nearness = (features @ self._taught.T).max(axis=1).toarray().ravel() / parts
        return probabilities, probabilities.max(axis=1) * np.clip(nearness, 0, 1)

    def _calibrate(self, texts: Sequence[str], intents: Sequence[str], vectors: NDArray[Any] | None) -> None:
        """Fit confidence to how often the winner was right on sentences the model had not seen.

        With too few examples to tell (or none wrong), the uncalibrated score stands: it errs towards caution.
        """
        labels = np.array(intents)
        folds = min(_FOLDS, int(np.unique(labels, return_counts=True)[1].min()))
        if folds < 2:
            return
        scores, right = np.zeros(len(labels)), np.zeros(len(labels), bool)
        for seen, unseen in StratifiedKFold(folds, shuffle=True, random_state=0).split(texts, labels):
            part = IntentModel(self._regularisation)
            part._fit([texts[row] for row in seen], labels[seen].tolist(), _rows(vectors, seen))
            probabilities, scores[unseen] = part._judge([texts[row] for row in unseen], _rows(vectors, unseen))
            right[unseen] = np.array(part.intents)[probabilities.argmax(axis=1)] == labels[unseen]
        if right.all() or not right.any():
            return
        evidence = logit(np.clip(scores, _LOWEST, 1 - _LOWEST)).reshape(-1, 1)
        fitted = LogisticRegression(C=1.0).fit(evidence, right)
        if fitted.coef_[0, 0] > 0:
            self._calibration = (float(fitted.coef_[0, 0]), float(fitted.intercept_[0]))


def _joined(words: list[csr_matrix], vectors: NDArray[Any] | None) -> csr_matrix:
    return hstack([*words, *([] if vectors is None else [csr_matrix(vectors)])], format="csr")


def _rows(vectors: NDArray[Any] | None, rows: NDArray[Any]) -> NDArray[Any] | None:
    return None if vectors is None else vectors[rows]
