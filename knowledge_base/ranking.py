"""Rank sections for a question by words, by meaning, and by both together.

Both measures lie between 0 and 1 and can be compared between questions: coverage is the share of the question's words,
weighted by rarity, that a section contains; the cosine is the similarity of the meanings. They are added, words
counting half. Reciprocal rank fusion discards how confident each of the two is, and did worse on every set measured;
see docs/decisions/0020-hybrid-search-adds-scores.md.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge_base.embedder import Embedded, Embedder, Vectors
from knowledge_base.lexicon import Lexicon
from knowledge_base.open_index import OpenIndex
from knowledge_base.words import is_subject, tokenise

WORDS_WEIGHT = 0.5
# A question that quotes the manual is best matched by its words: when the best section by words contains more than this
# share of them, their weight grows by so much per unit of the share.
ECHO_FROM = 0.6
ECHO_GROWTH = 8.0

# Limits of the cost of a question. Characters, words or tokens beyond these are ignored.
MOST_CHARACTERS = 4_000
MOST_WORDS = 32
MOST_TOKENS = 96

Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Ranking:
    """Scores of all sections for one question, and the question's embedding, if there is one."""

    asked: list[str]
    coverage: Scores
    cosine: Scores | None
    combined: Scores
    vector: Vectors | None = None


def rank_sections(
    question: str, index: OpenIndex, embedder: Embedder | None, embedded: Embedded | None = None
) -> Ranking:
    """Score every section. Without an embedder or vectors, by words alone. ``embedded`` saves the embedding when it is
    that of the question.
    """
    question = question[:MOST_CHARACTERS]
    asked = query_terms(question, index.words)
    coverage = index.words.coverage(asked)
    if embedder is None or index.vectors is None or not question.strip() or not len(coverage):
        return Ranking(asked, coverage, None, coverage)
    vector = _vector(question, embedder, embedded)
    # einsum uses one core. The matrix product uses all, and would wait many milliseconds for a busy core.
    cosine: Scores = np.einsum("ij,j->i", np.asarray(index.vectors), vector)
    combined = cosine + words_weight(asked, coverage, index.words) * coverage
    return Ranking(asked, coverage, cosine, combined, vector)


def _vector(question: str, embedder: Embedder, embedded: Embedded | None) -> Vectors:
    # A text has no more tokens than characters: one so short is not cut.
    if embedded is not None and len(question) < MOST_TOKENS and embedded.is_of(question):
        return embedded.vector
    vectors = embedder.embed([question], max_tokens=MOST_TOKENS)
    return np.asarray(vectors[0], dtype=np.float32)


def words_weight(asked: list[str], coverage: Scores, words: Lexicon) -> np.float32:
    """Return the weight of words beside meaning for this question."""
    held = words.held_share(asked, int(coverage.argmax()))
    return np.float32(WORDS_WEIGHT + ECHO_GROWTH * max(0.0, held - ECHO_FROM))


def query_terms(question: str, words: Lexicon) -> list[str]:
    """Return the question's words, each once; of a long message the rarest that the manual knows.

    Unknown words are kept while there is room, because they count as not covered; stop words such as "how" are dropped.
    """
    distinct = [word for word in dict.fromkeys(tokenise(question)) if words.knows(word) or is_subject(word)]
    if len(distinct) <= MOST_WORDS:
        return distinct
    return sorted(distinct, key=lambda word: -words.rarity(word) if words.knows(word) else 0.0)[:MOST_WORDS]


def best_section_per_page(scores: Scores, page_of: NDArray[np.int32], limit: int) -> list[int]:
    """Return the best section of each of the `limit` best pages, best first; ties go to the earlier section."""
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
    """Return the rows of the highest scores in order; sorting all 10,000 floats would cost a millisecond."""
    everything = count >= len(scores)
    chosen = np.arange(len(scores)) if everything else np.argpartition(scores, -count)[-count:]
    order = np.lexsort((chosen, -scores[chosen]))
    return [int(row) for row in chosen[order]]
