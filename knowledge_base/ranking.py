"""How well each section answers a question: by its words, by its meaning, and by both together.

Both measures lie between 0 and 1 and can be compared between questions: coverage is the share of the
question's words, weighted by rarity, that a section holds; the cosine says how alike their meanings are.
They are added, words counting half. Ranks alone (reciprocal rank fusion) throw away how sure each of the
two is, and did worse on every set measured; see docs/decisions/0020-hybrid-search-adds-scores.md.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge_base.embedder import Embedder
from knowledge_base.index import OpenIndex
from knowledge_base.lexicon import Lexicon
from knowledge_base.words import is_subject, terms

WORDS_WEIGHT = 0.5
# A question that quotes the manual is an echo of it, and then its words are the better guide: when the section that
# answers best by words holds more than this share of them, their weight grows, by so much for each unit of the share.
ECHO_FROM = 0.6
ECHO_GROWTH = 8.0

# What a question may cost. More characters, words or tokens than these are not looked at.
MOST_CHARACTERS = 4_000
MOST_WORDS = 32
MOST_TOKENS = 96

Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Ranking:
    """Scores of all sections for one question."""

    asked: list[str]
    coverage: Scores
    cosine: Scores | None
    combined: Scores


def rank(question: str, index: OpenIndex, embedder: Embedder | None) -> Ranking:
    """Scores every section. Without an embedder or vectors, by words alone."""
    question = question[:MOST_CHARACTERS]
    asked = telling_words(question, index.words)
    coverage = index.words.coverage(asked)
    if embedder is None or index.vectors is None or not question.strip() or not len(coverage):
        return Ranking(asked, coverage, None, coverage)
    (vector,) = embedder.embed([question], max_tokens=MOST_TOKENS)
    # einsum uses one core. The matrix product uses all, and waits many milliseconds for a core that is busy.
    cosine: Scores = np.einsum("ij,j->i", np.asarray(index.vectors), vector)
    return Ranking(asked, coverage, cosine, cosine + words_weight(asked, coverage, index.words) * coverage)


def words_weight(asked: list[str], coverage: Scores, words: Lexicon) -> np.float32:
    """How much words count beside meaning for this question."""
    held = words.held_share(asked, int(coverage.argmax()))
    return np.float32(WORDS_WEIGHT + ECHO_GROWTH * max(0.0, held - ECHO_FROM))


def telling_words(question: str, words: Lexicon) -> list[str]:
    """The question's words, each once; of a long message the rarest that the manual knows.

    Words the manual does not know are kept while there is room, for they count as not covered; "how" and the
    like are not among those.
    """
    distinct = [word for word in dict.fromkeys(terms(question)) if words.knows(word) or is_subject(word)]
    if len(distinct) <= MOST_WORDS:
        return distinct
    return sorted(distinct, key=lambda word: -words.rarity(word) if words.knows(word) else 0.0)[:MOST_WORDS]


def best_of_each_page(scores: Scores, page_of: NDArray[np.int32], limit: int) -> list[int]:
    """The best section of each of the `limit` best pages, best first; ties go to the earlier section."""
    rows: list[int] = []
    seen: Counter[int] = Counter()
    size = min(len(scores), limit * 8)
    while True:
        candidates = _top(scores, size)
        rows = []
        seen.clear()
        for row in candidates:
            page = int(page_of[row])
            if not seen[page]:
                seen[page] += 1
                rows.append(row)
            if len(rows) == limit:
                return rows
        if size == len(scores):
            return rows
        size = min(len(scores), size * 8)


def _top(scores: Scores, count: int) -> list[int]:
    """The rows of the highest scores in order; sorting 10,000 floats whole would cost a millisecond."""
    everything = count >= len(scores)
    chosen = np.arange(len(scores)) if everything else np.argpartition(scores, -count)[-count:]
    order = np.lexsort((chosen, -scores[chosen]))
    return [int(row) for row in chosen[order]]
