"""Find, for each intent, the taught sentence nearest in meaning: a single good example counts at once.

The linear model needs many examples of a wording before its weights follow; the nearest example needs one. A sentence
that was taught for one context says nothing in another, so the examples are grouped by what was said before them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]
# What a cosine of 1 adds to an intent's logit. Cross-validation is flat from 4 to 8.
WEIGHT = 6.0


@dataclass(frozen=True)
class Judgement:
    """The judgement of sentences by themselves, row by row.

    ``logits``: by words and embedding, a column per intent. ``nearness``: to anything taught, from 0 to 1. ``nearest``:
    by what was said before the example, the cosine of each intent's nearest; without embeddings empty.
    """

    logits: _Floats
    nearness: _Floats
    nearest: Mapping[str, _Floats] = field(default_factory=dict)

    def after(self, contexts: Sequence[str]) -> _Floats:
        """Return the logits with the nearest examples that may come after each context; of an unknown one, with all."""
        if not self.nearest:
            return self.logits
        said, nearest = np.array(contexts, dtype=str), np.maximum.reduce(list(self.nearest.values()))
        for context in set(contexts) & self.nearest.keys() - {""}:
            rows = said == context
            nearest[rows] = self.nearest[context][rows]
            if "" in self.nearest:
                nearest[rows] = np.maximum(nearest[rows], self.nearest[""][rows])
        found: _Floats = self.logits + WEIGHT * nearest
        return found


@dataclass(frozen=True)
class Groups:
    """Examples in the order of what was said before and of intent: where each group starts, and what it is."""

    starts: NDArray[np.intp]
    contexts: NDArray[np.str_]
    intents: NDArray[np.intp]

    @classmethod
    def of(cls, contexts: Sequence[str], intents: NDArray[np.intp]) -> "tuple[Groups, NDArray[np.intp]]":
        """Return the groups and the order of the examples; ``intents`` are the columns of the examples' intents."""
        said = np.array(contexts, dtype=str)
        order = np.lexsort((intents, said))
        said, columns = said[order], intents[order]
        new = np.ones(len(order), bool)
        new[1:] = (said[1:] != said[:-1]) | (columns[1:] != columns[:-1])
        starts = np.flatnonzero(new)
        return cls(starts, said[starts], columns[starts]), order

    def nearest(self, cosines: NDArray[Any], intents: int) -> dict[str, _Floats]:
        """Return by context each intent's highest cosine, at least 0; ``cosines`` has a column per ordered example."""
        names, of_names = np.unique(self.contexts, return_inverse=True)
        found = np.zeros((len(names), intents, len(cosines)))
        found[of_names, self.intents] = np.maximum(0, np.maximum.reduceat(cosines, self.starts, axis=1)).T
        return {str(name): of_context.T for name, of_context in zip(names, found, strict=True)}

    def arrays(self) -> dict[str, Any]:
        """Return the groups as plain arrays."""
        return {"group_starts": self.starts, "group_contexts": self.contexts, "group_intents": self.intents}

    @classmethod
    def of_arrays(cls, stored: Any) -> "Groups":
        """Return the groups of these arrays."""
        return cls(stored["group_starts"], stored["group_contexts"], stored["group_intents"])
