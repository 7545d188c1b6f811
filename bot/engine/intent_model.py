"""Classify intents, with a calibrated confidence.

TF-IDF of words and letter groups captures the wording, the sentence embedding the meaning, the words of no trade the
form; a linear model on all needs few examples and trains in seconds. What was said last shifts its judgement. Its own
probability says nothing about sentences unlike the training data, so the confidence is lowered by the distance to the
nearest training sentence, and is then calibrated: of sentences within scope that get a confidence of 0.8, about eight
in ten are right. docs/decisions/0012-linear-intent-classifier.md and 0229-read-in-context.md have the measurements and
the rejected alternatives.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import load_npz, save_npz
from scipy.special import expit, logit, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.engine.context_shift import Comes, ContextShift
from bot.engine.nearest_examples import Judgement
from bot.engine.sentence_model import Examples, SentenceModel, Vectors

_FOLDS = 3
_LOWEST = 1e-6
# The sentence model stores words and letter groups of what was taught, a file each.
_TAUGHT_FILES = 2


class IntentModel:
    """Trained on sentences with or without their embeddings; rank sentences in the same way.

    A model trained with embeddings and used without is confidently wrong: on TechRef's own examples it fell from 0.82
    to 0.26, against 0.71 for one trained on words alone.
    """

    def __init__(self) -> None:
        self._sentences = SentenceModel()
        self._shift = ContextShift()
        self._calibration = (1.0, 0.0)

    @property
    def intents(self) -> list[str]:
        """Return the intents, sorted."""
        return self._sentences.intents

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        intents: Sequence[str],
        vectors: Vectors,
        regularisation: float,
        contexts: Sequence[str] | None = None,
        comes: Comes | None = None,
    ) -> "IntentModel":
        """Train on sentences, their intents, their embeddings (None: on the words alone) and what was said before each.

        ``contexts`` are empty for sentences that may come anywhere; ``comes`` says after what, and names the contexts.
        ``regularisation`` is logistic regression's C: the larger, the closer the fit to the examples. Raises ValueError
        when there are fewer than two intents.
        """
        if len(set(intents)) < 2:
            raise ValueError("the intent classifier needs examples of at least two intents")
        model = cls()
        examples = Examples(list(texts), np.array(intents), vectors, _or_none(texts, contexts))
        model._sentences.fit(examples, regularisation)
        model._fit_context_and_confidence(examples, regularisation, comes or Comes())
        return model

    def rank(
        self, texts: Sequence[str], vectors: Vectors, contexts: Sequence[str] | None = None
    ) -> list[list[tuple[str, float]]]:
        """Return for every sentence all intents with their confidence from 0 to 1, the likeliest first.

        ``contexts``: what was said before each; the empty string, and a name that was never trained, say nothing.
        Raises ValueError when embeddings are given to a model trained without, or the other way round.
        """
        judged = self._sentences.judge(texts, vectors)
        probabilities = self._likely(texts, judged, _or_none(texts, contexts))
        slope, offset = self._calibration
        confidences = expit(slope * _evidence(probabilities, judged.nearness) + offset)
        ranked = []
        for row, confidence in zip(probabilities, confidences, strict=True):
            order = np.argsort(-row)
            # Below the winner, intents share the confidence in the proportion the model sees.
            ranked.append([(self.intents[column], float(confidence * row[column] / row[order[0]])) for column in order])
        return ranked

    def _likely(self, texts: Sequence[str], judged: Judgement, contexts: Sequence[str]) -> NDArray[Any]:
        """Return the probability of each intent after these contexts, row by row."""
        found: NDArray[Any] = softmax(self._shift.shifted(texts, judged.after(contexts), contexts), axis=1)
        return found

    def save(self, folder: Path) -> None:
        """Write the model as plain arrays: loading them cannot execute code."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {**self._sentences.arrays(), "calibration": np.array(self._calibration)}
        arrays["contexts"] = np.array(sorted(self._shift.weights), dtype=str)
        for context, weights in self._shift.weights.items():
            arrays[f"context_{context}"] = weights
        for index, taught in enumerate(self._sentences.taught):
            save_npz(folder / f"taught_{index}.npz", taught)
        np.savez(folder / "model.npz", **arrays)

    @classmethod
    def load(cls, folder: Path) -> "IntentModel":
        """Read the files of ``save``."""
        model = cls()
        taught = [load_npz(folder / f"taught_{index}.npz") for index in range(_TAUGHT_FILES)]
        with np.load(folder / "model.npz", allow_pickle=False) as stored:
            model._calibration = (float(stored["calibration"][0]), float(stored["calibration"][1]))
            model._shift = ContextShift({str(name): stored[f"context_{name}"] for name in stored["contexts"]})
            model._sentences = SentenceModel.of_arrays(stored, taught)
        return model

    def _fit_context_and_confidence(self, examples: Examples, regularisation: float, comes: Comes) -> None:
        """Fit both on sentences that the model had not seen.

        With too few examples (or none wrong), the uncalibrated score is kept: it errs towards caution.
        """
        folds = min(_FOLDS, int(np.unique(examples.intents, return_counts=True)[1].min()))
        if folds < 2:
            return
        judged = self._unseen(examples, regularisation, folds)
        right = np.searchsorted(np.array(self.intents), examples.intents)
        intents = examples.intents.tolist()
        counting = {name: comes.weights(name, intents, examples.contexts) for name in sorted(comes.intents)}
        after = {name: judged.after([name] * len(right)) for name in counting}
        self._shift = ContextShift.fit(examples.texts, after, right, counting)
        evidence, hits, counts = [], [], []
        for name in ("", *counting):
            probabilities = self._likely(examples.texts, judged, [name] * len(right))
            evidence.append(_evidence(probabilities, judged.nearness))
            hits.append(probabilities.argmax(axis=1) == right)
            counts.append(counting[name] if name else np.ones(len(right)))
        found = _calibrated(np.concatenate(evidence), np.concatenate(hits), np.concatenate(counts))
        self._calibration = found or self._calibration

    def _unseen(self, examples: Examples, regularisation: float, folds: int) -> Judgement:
        """Judge every example by a model that was fitted without it."""
        shape = len(examples.texts), len(self.intents)
        contexts = set(examples.contexts) if examples.vectors is not None else set()
        judged = Judgement(np.zeros(shape), np.zeros(shape[0]), {name: np.zeros(shape) for name in contexts})
        parts = StratifiedKFold(folds, shuffle=True, random_state=0)
        for seen, unseen in parts.split(examples.texts, examples.intents):
            part, asked = SentenceModel(), examples.of(unseen)
            part.fit(examples.of(seen), regularisation)
            found = part.judge(asked.texts, asked.vectors)
            judged.logits[unseen], judged.nearness[unseen] = found.logits, found.nearness
            for context, nearest in found.nearest.items():
                judged.nearest[context][unseen] = nearest
        return judged


def _calibrated(evidence: NDArray[Any], hits: NDArray[Any], counts: NDArray[Any]) -> tuple[float, float] | None:
    """Return slope and offset that turn the evidence into the share of hits; None when nothing can be fitted."""
    counted = counts > 0
    if hits[counted].all() or not hits[counted].any():
        return None
    fitted = LogisticRegression(C=1.0).fit(evidence.reshape(-1, 1), hits, sample_weight=counts)
    return (float(fitted.coef_[0, 0]), float(fitted.intercept_[0])) if fitted.coef_[0, 0] > 0 else None


def _evidence(probabilities: NDArray[Any], nearness: NDArray[Any]) -> NDArray[Any]:
    """Return the log odds of the winner's probability times the nearness to the training data."""
    found: NDArray[Any] = logit(np.clip(probabilities.max(axis=1) * nearness, _LOWEST, 1 - _LOWEST))
    return found


def _or_none(texts: Sequence[str], contexts: Sequence[str] | None) -> list[str]:
    """Return the contexts, or for each text that nothing is known of its own."""
    return [""] * len(texts) if contexts is None else list(contexts)
