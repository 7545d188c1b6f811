"""Multinomial logistic regression over sparse and dense features side by side.

scikit-learn's takes one matrix. With the embedding's 384 dense columns forced into a sparse one it took minutes on
TechRef's own examples, where this takes seconds, and a training fits it four times (calibration included).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import logsumexp

Floats = NDArray[np.float64]
# When the fit is good enough: a tenth of this changed no decision on held-out examples.
_GRADIENT = 1e-3
_STEPS = 200


def fit(features: Sequence[Any], classes: NDArray[np.intp], regularisation: float) -> tuple[Floats, Floats]:
    """Weights (columns of all feature blocks, one column per class) and offsets.

    ``classes`` numbers the class of each row from 0. Every class counts the same however many rows it has.
    ``regularisation`` is C: the larger, the closer the rows are followed.
    """
    count = int(classes.max()) + 1
    importance = (len(classes) / (count * np.bincount(classes, minlength=count)))[classes]
    target = csr_matrix((np.ones(len(classes)), (np.arange(len(classes)), classes)), shape=(len(classes), count))
    target = target.toarray()
    width = sum(block.shape[1] for block in features)
    penalty = 1.0 / (regularisation * len(classes))

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights, offsets = flat[:-count].reshape(width, count), flat[-count:]
        logits = score(features, weights, offsets)
        surprise = logsumexp(logits, axis=1) - logits[np.arange(len(classes)), classes]
        residual = (np.exp(logits - logsumexp(logits, axis=1, keepdims=True)) - target) * importance[:, None]
        residual /= len(classes)
        slope = np.vstack([block.T @ residual for block in features]) + penalty * weights
        value = float(importance @ surprise) / len(classes) + 0.5 * penalty * float(np.vdot(weights, weights))
        return value, np.concatenate([slope.ravel(), residual.sum(axis=0)])

    found = minimize(loss, np.zeros((width + 1) * count), jac=True, method="L-BFGS-B",
                     options={"maxiter": _STEPS, "gtol": _GRADIENT})
    return found.x[:-count].reshape(width, count), found.x[-count:]


def score(features: Sequence[Any], weights: Floats, offsets: Floats) -> Floats:
    """One logit per row and class."""
    edges = np.cumsum([0, *(block.shape[1] for block in features)])
    total = np.tile(offsets, (features[0].shape[0], 1))
    for block, begin, end in zip(features, edges[:-1], edges[1:], strict=True):
        total += block @ weights[begin:end]
    return total
