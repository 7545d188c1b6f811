"""Decide whether to abstain: deflecting a customer with a wrong answer is worse than giving none.

The limits were set on questions that a manual answers against questions of other trades, other programs and small talk
put to the same manual; docs/decisions/0020-hybrid-search-adds-scores.md and 0222 have the rates. The aim was to abstain
from about one right answer in ten of those that customers describe in words of their own, and to answer next to none of
the others.
"""

from collections.abc import Sequence

from knowledge_base.asked import Asked
from knowledge_base.lexicon import Lexicon

# The nearest sentence of the best pages, the share of the question's words that the manual knows, and the share that
# one section holds.
KNOWN_WEIGHT, HELD_WEIGHT, LIMIT = 0.38, 0.11, 0.8
# Without embeddings of sentences the best section stands for them.
WORDS_WEIGHT, LIMIT_BY_SECTIONS = 0.25, 0.58
LIMIT_BY_WORDS_ALONE = 0.8


def is_confident(asked: Asked, rows: Sequence[int]) -> bool:
    """Return True when one of the best pages likely answers the question; False means abstain.

    ``rows`` are the best sections of those pages, the very best first.
    """
    ranking, index = asked.ranking, asked.index
    coverage, known = min(1.0, float(ranking.coverage[rows[0]])), known_share(ranking.asked, index.words)
    if ranking.cosine is None:
        return coverage + known >= LIMIT_BY_WORDS_ALONE
    if index.sentences is None:
        return float(ranking.cosine[rows[0]]) + WORDS_WEIGHT * (coverage + known) >= LIMIT_BY_SECTIONS
    sections = [section for row in rows for section, _ in asked.sections_of_page(row)]
    near = max((max(asked.nearness(section), default=0.0) for section in sections), default=0.0)
    held = max((asked.worth(f"{section.title}\n{section.marked}") for section in sections), default=0.0)
    return near + KNOWN_WEIGHT * known + HELD_WEIGHT * held >= LIMIT


def known_share(asked: list[str], words: Lexicon) -> float:
    """Return the share of a question's words, weighted by rarity, that occur anywhere in the manual.

    Figures do not count: no manual holds every year, amount and version that customers name.
    """
    asked = [word for word in asked if not word[0].isdigit()]
    total = sum(words.rarity(word) for word in asked)
    return sum(words.rarity(word) for word in asked if words.knows(word)) / total if total else 0.0
