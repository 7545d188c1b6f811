"""Cluster questions that ask the same thing.

Greedy on purpose: the questions come most frequent first, each joins the group whose first question is most similar, or
begins one. That is one pass, gives the same groups every time, names each group after its most frequent question, and
avoids the chains of half-alike questions that single linkage builds. Agglomerative clustering would compare all pairs
(four million for two thousand questions) to find groups that a reader could not tell from these.
"""

from collections.abc import Callable, Sequence

import numpy as np

from knowledge_base.embedder import Vectors
from knowledge_base.words import is_subject, tokenise

# Least cosine similarity within a group. At 0.5 paraphrases of seven questions (26 wordings) fell into ten groups, with
# one wording in a wrong one; lower values put whole subjects together.
SAME_MEANING = 0.5
# Least Jaccard similarity of the word sets, used without an embedding.
SAME_WORDS = 0.5

Alike = Callable[[int, list[int]], Vectors]
"""How like one question is to each leader; from 1 on they ask the same."""


def group_questions(questions: Sequence[str], vectors: Vectors | None) -> list[list[int]]:
    """Return the groups as lists of positions in ``questions``, the leading question of each group first.

    ``vectors`` are the questions' embeddings, unit length; without them the share of common words decides.
    """
    if not questions:
        return []
    alike = _by_cosine(vectors) if vectors is not None else _by_common_words(questions)
    groups: list[list[int]] = []
    leaders: list[int] = []
    for place in range(len(questions)):
        scores = alike(place, leaders)
        best = int(scores.argmax()) if len(scores) else -1
        if best >= 0 and scores[best] >= 1:
            groups[best].append(place)
        else:
            groups.append([place])
            leaders.append(place)
    return groups


def _by_cosine(vectors: Vectors) -> Alike:
    def alike(place: int, leaders: list[int]) -> Vectors:
        found: Vectors = vectors[leaders] @ vectors[place] / np.float32(SAME_MEANING)
        return found

    return alike


def _by_common_words(questions: Sequence[str]) -> Alike:
    words = [frozenset(filter(is_subject, tokenise(question))) for question in questions]

    def alike(place: int, leaders: list[int]) -> Vectors:
        shares = [
            len(words[place] & words[leader]) / (len(words[place] | words[leader]) or 1) / SAME_WORDS
            for leader in leaders
        ]
        return np.array(shares, np.float32)

    return alike
