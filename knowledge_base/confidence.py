"""Whether the manual has an answer at all: deflecting a customer with a wrong one is worse than none.

The limits were set on questions that a manual answers against questions of another trade put to the same
manual; docs/decisions/0020-hybrid-search-adds-scores.md has the rates. The aim was to withhold about one
right answer in ten of those customers describe in words of their own, and next to none of the others.
"""

from knowledge_base.lexicon import Lexicon
from knowledge_base.ranking import Ranking

WORDS_WEIGHT = 0.25
LIMIT = 0.58
LIMIT_BY_WORDS_ALONE = 0.8


def is_confident(ranking: Ranking, row: int, words: Lexicon) -> bool:
    """Whether the best section (`row`) likely answers the question.

    Three signs: its meaning is near, it holds the question's words, and the manual knows those words at all.
    """
    coverage = min(1.0, float(ranking.coverage[row]))
    known = familiarity(ranking.asked, words)
    if ranking.cosine is None:
        return coverage + known >= LIMIT_BY_WORDS_ALONE
    return float(ranking.cosine[row]) + WORDS_WEIGHT * (coverage + known) >= LIMIT


def familiarity(asked: list[str], words: Lexicon) -> float:
    """The share of a question's words, weighted by rarity, that occur anywhere in the manual."""
    total = sum(words.rarity(word) for word in asked)
    return sum(words.rarity(word) for word in asked if words.knows(word)) / total if total else 0.0
