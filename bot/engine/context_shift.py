"""Shift a sentence's logits by what we said last: the same "no" answers a question, or says that it still fails.

Each context has a few weights per intent, for features of the message that are one or zero. They are fitted on the
logits of sentences that the sentence model had not seen, so that a context says no more than the words leave open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax

_Floats = NDArray[np.float64]
# A short message leans on what was said before it, a long one hardly does.
SHORT_WORDS = 4
# How much the weights are held back; the more, the less a context says.
_RIDGE = 0.3
_MOST_STEPS = 200
# An example that was written for its context counts as so many that may come in any.
_WRITTEN_FOR_IT = 12.0
_SELDOM, _OFTEN = 0.03, 10.0
# As many examples of each intent are counted, however many there are.
_PER_INTENT = 60.0


@dataclass(frozen=True)
class Comes:
    """The intents that come in each context, and those that come most; all others come there seldom."""

    intents: Mapping[str, frozenset[str]] = field(default_factory=dict)
    mostly: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of_config(cls, anywhere: Sequence[str], contexts: Mapping[str, Mapping[str, Sequence[str]]]) -> "Comes":
        """Parse the settings of config.yml: a context's lists are ``comes`` and ``mostly``."""
        return cls(
            {name: frozenset(anywhere) | frozenset(lists["comes"]) for name, lists in contexts.items()},
            {name: frozenset(lists.get("mostly", ())) for name, lists in contexts.items()},
        )

    def weights(self, context: str, intents: Sequence[str], contexts: Sequence[str]) -> _Floats:
        """Return how much each example counts in this context; zero for one that was written for another."""
        names, counts = np.unique(list(intents), return_counts=True)
        of_intent = {str(name): _PER_INTENT / count for name, count in zip(names, counts, strict=True)}
        return np.array(
            [
                self._plausible(context, intent) * of_intent[intent]
                if not given
                else _WRITTEN_FOR_IT * (given == context)
                for intent, given in zip(intents, contexts, strict=True)
            ]
        )

    def _plausible(self, context: str, intent: str) -> float:
        if intent in self.mostly[context]:
            return _OFTEN
        return 1.0 if intent in self.intents[context] else _SELDOM


class ContextShift:
    """The fitted weights: for each context a row per feature and a column per intent."""

    def __init__(self, weights: Mapping[str, _Floats] | None = None) -> None:
        self.weights = dict(weights or {})

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        logits: Mapping[str, _Floats],
        right: NDArray[np.intp],
        counting: Mapping[str, _Floats],
    ) -> "ContextShift":
        """Fit to sentences and the columns of their intents; by context their ``logits`` and how much each counts."""
        described = describe(texts)
        return cls(
            {
                context: _fit_one(
                    described[counts > 0], logits[context][counts > 0], right[counts > 0], counts[counts > 0]
                )
                for context, counts in counting.items()
            }
        )

    def shifted(self, texts: Sequence[str], logits: _Floats, contexts: Sequence[str]) -> _Floats:
        """Return the logits in context; a context that was never fitted changes nothing."""
        described, shifted = describe(texts), logits.copy()
        for row, context in enumerate(contexts):
            if context in self.weights:
                shifted[row] += described[row] @ self.weights[context]
        return shifted


def describe(texts: Sequence[str]) -> _Floats:
    """Return the features of messages, one or zero each: any message, a short one."""
    short = [len(text.split()) <= SHORT_WORDS for text in texts]
    return np.stack([np.ones(len(texts)), np.array(short, float)], axis=1)


def _fit_one(described: _Floats, logits: _Floats, right: NDArray[np.intp], counts: _Floats) -> _Floats:
    shape, rows = (described.shape[1], logits.shape[1]), np.arange(len(right))

    def loss(flat: _Floats) -> tuple[float, _Floats]:
        weights = flat.reshape(shape)
        likely = log_softmax(logits + described @ weights, axis=1)
        slope = np.exp(likely)
        slope[rows, right] -= 1
        gradient = 2 * _RIDGE * weights + described.T @ (slope * counts[:, None])
        return float(_RIDGE * (flat**2).sum() - (counts * likely[rows, right]).sum()), gradient.ravel()

    found = minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": _MOST_STEPS})
    fitted: _Floats = found.x.reshape(shape)
    return fitted
