"""Decide whether to abstain: deflecting a customer with a wrong answer is worse than giving none.

The evidence of an answer is a number whose size depends on the manual: among ten thousand sections one is always near.
So its limit is set when a manual is indexed, on what the search finds in it for questions of other trades
(`calibration`); docs/decisions/0233-confidence-calibrated-on-the-manual.md has the rates.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from knowledge_base.asked import Asked
from knowledge_base.lexicon import Lexicon
from knowledge_base.limits import Kind
from knowledge_base.words import is_subject, tokenise

# The nearest sentence of the best pages, the share of the question's words that the manual knows, and the share that
# one section holds.
KNOWN_WEIGHT, HELD_WEIGHT = 0.38, 0.11
# Without embeddings of sentences the best section stands for them.
WORDS_WEIGHT = 0.25
TOPICLESS_WORDS = Path(__file__).with_name("topicless_words.txt")


def is_confident(asked: Asked, rows: Sequence[int]) -> bool:
    """Return True when one of the best pages likely answers the question; False means abstain.

    ``rows`` are the best sections of those pages, the very best first. A question of figures alone, such as a sum, is
    not answered.
    """
    if not any(is_subject(word) and not word[0].isdigit() for word in asked.ranking.asked):
        return False
    kind, found = evidence(asked, rows)
    return found >= asked.index.limits[kind]


def evidence(asked: Asked, rows: Sequence[int]) -> tuple[Kind, float]:
    """Return how much speaks for an answer on these pages, and what that was measured by."""
    ranking, index = asked.ranking, asked.index
    coverage, known = min(1.0, float(ranking.coverage[rows[0]])), known_share(ranking.asked, index.words)
    if ranking.cosine is None:
        return "words", coverage + known
    if index.sentences is None:
        return "sections", float(ranking.cosine[rows[0]]) + WORDS_WEIGHT * (coverage + known)
    sections = [section for row in rows for section, _ in asked.sections_of_page(row)]
    near = max((max(asked.nearness(section), default=0.0) for section in sections), default=0.0)
    held = max((asked.worth(f"{section.title}\n{section.marked}") for section in sections), default=0.0)
    return "sentences", near + KNOWN_WEIGHT * known + HELD_WEIGHT * held


def known_share(asked: list[str], words: Lexicon) -> float:
    """Return the share of a question's words, weighted by rarity, that occur anywhere in the manual.

    Figures do not count, and of the words that say nothing of a subject only those that the manual holds: no manual has
    every year and amount that customers name, nor their wives, weekdays and moods.
    """
    asked = [word for word in asked if not word[0].isdigit() and (words.knows(word) or word not in topicless_words())]
    total = sum(words.rarity(word) for word in asked)
    return sum(words.rarity(word) for word in asked if words.knows(word)) / total if total else 0.0


@lru_cache(maxsize=1)
def topicless_words() -> frozenset[str]:
    """Return the stems of words that say nothing of a subject, in any trade."""
    lines = TOPICLESS_WORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(tokenise(" ".join(line for line in lines if not line.startswith("#"))))
