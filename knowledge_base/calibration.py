"""Set the limits of confidence of a manual by questions that it does not answer.

`foreign_questions.txt` holds questions of some twenty trades. What the search finds for them in this manual is how near
it comes without an answer: the limit lies where all but a tenth of them are below. The two trades that come nearest may
be the manual's own, and are left out.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from knowledge_base import limits
from knowledge_base.asked import Asked
from knowledge_base.confidence import evidence
from knowledge_base.embedder import Embedded, Embedder
from knowledge_base.open_index import OpenIndex
from knowledge_base.question_frames import without_frames
from knowledge_base.ranking import best_section_per_page, rank_sections
from knowledge_base.rewording import Rewording, everyday_groups

FOREIGN_QUESTIONS = Path(__file__).with_name("foreign_questions.txt")
# Set on manuals of 50 to 535 pages: it withholds from nine in ten questions of still other trades, and from at most
# one right answer in ten of those that customers describe in words of their own.
BELOW = 0.9
OWN_TRADES = 2
# How near a trade comes is the mean of its nearest questions.
NEAREST = 4
PAGES = 3


def write_limits(index: OpenIndex, embedder: Embedder | None, version: Path) -> None:
    """Write the limits of this version, for search with the embedding and by words alone."""
    found: dict[limits.Kind, float] = {}
    for used in (None, embedder) if embedder is not None else (None,):
        kinds, trades = _evidence_of_foreign(index, used)
        for kind in kinds:
            found[kind] = limits.bounded(kind, _limit(trades))
    limits.write(found, version)


def read_foreign_questions() -> dict[str, list[str]]:
    """Return the shipped foreign questions by trade."""
    trades: dict[str, list[str]] = {}
    for line in FOREIGN_QUESTIONS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            trades[line.strip("[] ")] = []
        elif line.strip() and not line.startswith("#"):
            trades[next(reversed(trades))].append(line.strip())
    return trades


def _evidence_of_foreign(index: OpenIndex, embedder: Embedder | None) -> tuple[set[limits.Kind], list[list[float]]]:
    """Return the kinds of evidence that were met, and the evidence of each trade's questions."""
    kinds: set[limits.Kind] = set()
    trades: list[list[float]] = []
    rewording = Rewording(index.words, everyday_groups())
    for questions in _embedded(embedder):
        scores = []
        for question, known in questions:
            found = [_evidence(question, known, index, embedder)]
            reworded = rewording.of(question)
            if reworded is not None:
                found.append(_evidence(reworded, None, index, embedder))
            met = [one for one in found if one is not None]
            kinds.update(kind for kind, _ in met)
            scores.append(max((score for _, score in met), default=0.0))
        trades.append(scores)
    return kinds, trades


def _evidence(
    question: str, known: Embedded | None, index: OpenIndex, embedder: Embedder | None
) -> tuple[limits.Kind, float] | None:
    """Return what speaks for an answer, as it is searched; None when nothing is found."""
    ranking = rank_sections(question, index, embedder, known)
    best = best_section_per_page(ranking.combined, index.page_of, PAGES)
    rows = [row for row in best if ranking.combined[row] > 0]
    return evidence(Asked.of(ranking, index), rows) if rows else None


@lru_cache(maxsize=2)
def _embedded(embedder: Embedder | None) -> Sequence[Sequence[tuple[str, Embedded | None]]]:
    """Return the questions of each trade as they are searched, with their embeddings, made once in a process."""
    trades = [[without_frames(question) for question in questions] for questions in read_foreign_questions().values()]
    if embedder is None:
        return [[(question, None) for question in questions] for questions in trades]
    return [
        [(one, Embedded(one, vector)) for one, vector in zip(questions, embedder.embed(questions), strict=True)]
        for questions in trades
    ]


def _limit(trades: Iterable[Sequence[float]]) -> float:
    """Return the value below which most evidence of foreign trades lies."""
    farthest = sorted(trades, key=lambda scores: float(np.mean(sorted(scores)[-NEAREST:])))[:-OWN_TRADES]
    return float(np.quantile([score for scores in farthest for score in scores], BELOW))
