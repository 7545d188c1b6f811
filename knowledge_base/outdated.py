"""Changelogs and pages about what is no longer there: they mention everything, and answer hardly a question."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge_base.pieces import Piece

# What such a piece loses of its score. A question that it answers alone still finds it.
LOSS = 0.15
_OF_A_PAGE = re.compile(
    r"\b(?:change[ -]?logs?|release[ -]notes?|releases?[ -]history|version[ -]history|changes in|what.?s new|news|"
    r"deprecat(?:ed|ions?)|removed features?|end[ -]of[ -]life|unsupported|legacy releases?|roadmap)\b",
    re.IGNORECASE,
)
_RELEASE = re.compile(
    r"(?:version|release|v)?\s*\d+\.\d+(?:\.\d+)*(?:\s+(?:release(?: notes?)?|changes))?\W*", re.IGNORECASE
)
# A question for it: what changed, in which version, what a release brought.
_WANTED = re.compile(
    r"\b(?:chang\w*|releas\w*|new in|what.?s new|version|deprecat\w*|removed|since when|roadmap|upgrade to)\b|\d\.\d",
    re.IGNORECASE,
)


def demotions(pieces: Sequence[Piece]) -> NDArray[np.float32]:
    """Return what each piece loses."""
    found: dict[str, bool] = {}
    for piece in pieces:
        if piece.page_slug not in found:
            found[piece.page_slug] = _is_outdated(piece.page_title) or _is_outdated(piece.page_slug.replace("-", " "))
    lost = [LOSS if found[piece.page_slug] or _is_outdated(piece.heading) else 0.0 for piece in pieces]
    return np.array(lost, np.float32)


def asks_for_changes(question: str) -> bool:
    """Return whether the question is about versions and changes themselves."""
    return bool(_WANTED.search(question))


def _is_outdated(title: str) -> bool:
    return bool(_OF_A_PAGE.search(title) or _RELEASE.fullmatch(title.strip()))
