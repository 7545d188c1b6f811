"""Decide whether to abstain: deflecting a customer with a wrong answer is worse than giving none.

The limits were set on questions that a manual answers against questions of another trade put to the same manual;
docs/decisions/0020-hybrid-search-adds-scores.md has the rates. The aim was to abstain from about one right answer in
ten of those that customers describe in words of their own, and to answer next to none of the others.
"""

from knowledge_base.lexicon import Lexicon
from knowledge_base.ranking import Ranking

WORDS_WEIGHT = 0.25
LIMIT = 0.58
LIMIT_BY_WORDS_ALONE = 0.8


def is_confident(ranking: Ranking, row: int, words: Lexicon) -> bool:
    """Return True when the best section (`row`) likely answers the question; False means abstain.

    Combines three signals: its similarity, the share of the question's words in it, and the share that the manual
    knows.
    """
    coverage = min(1.0, float(ranking.coverage[row]))
    known = known_share(ranking.asked, words)
    if ranking.cosine is None:
        return coverage + known >= LIMIT_BY_WORDS_ALONE
    return float(ranking.cosine[row]) + WORDS_WEIGHT * (coverage + known) >= LIMIT


def known_share(asked: list[str], words: Lexicon) -> float:
    """Return the share of a question's words, weighted by rarity, that occur anywhere in the manual."""
    total = sum(words.rarity(word) for word in asked)
    return sum(words.rarity(word) for word in asked if words.knows(word)) / total if total else 0.0
