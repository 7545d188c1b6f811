"""Say a question in the manual's own terms: customers and manuals name the same thing differently.

`everyday_terms.txt` ships groups of terms of any trade. The term of a group that a question holds is replaced by the
one that the manual uses.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.triage.text.plain_text import fold
from knowledge_base.lexicon import Lexicon
from knowledge_base.words import tokenise

# A term that the manual uses as well is left, unless its own stands in so many times more sections.
RARER = 4
EVERYDAY_TERMS = Path(__file__).with_name("everyday_terms.txt")


@dataclass(frozen=True)
class Group:
    """Terms in lower case: ``said`` are those that are replaced, ``manual`` those that may take their place.

    With ``first`` the first of them that the manual knows does, else the one that most of its sections hold.
    """

    said: tuple[str, ...]
    manual: tuple[str, ...]
    first: bool = False

    def chosen(self, words: Lexicon) -> str | None:
        """Return the manual's term; None when it knows none."""
        known = [term for term in self.manual if _held(term, words)]
        if self.first:
            return next(iter(known), None)
        return max(known, key=lambda term: _held(term, words), default=None)


def read_groups(lines: Iterable[str]) -> tuple[Group, ...]:
    """Return the groups of lines such as `ipad, android tablet > tablet` and `bill, invoice`; comments begin with #."""
    groups = []
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        said, directed, only = line.partition(">")
        terms = _terms(said)
        groups.append(Group(terms, _terms(only), first=True) if directed else Group(terms, terms))
    return tuple(groups)


@lru_cache(maxsize=1)
def everyday_groups() -> tuple[Group, ...]:
    """Return the shipped groups."""
    return read_groups(EVERYDAY_TERMS.read_text(encoding="utf-8").splitlines())


class Rewording:
    """The terms of the groups as the manual of one index version uses them."""

    def __init__(self, words: Lexicon, groups: Iterable[Group]) -> None:
        chosen: dict[str, str] = {}
        for group in groups:
            best = group.chosen(words)
            if best is None:
                continue
            for term in group.said:
                if term != best and RARER * _held(term, words) <= _held(best, words):
                    chosen.setdefault(term, best)
        self._for: Mapping[str, str] = chosen
        terms = sorted(chosen, key=len, reverse=True)
        self._any = re.compile(rf"\b(?:{'|'.join(map(re.escape, terms))})\b") if terms else None

    def of(self, question: str) -> str | None:
        """Return the question with the manual's terms; None when it has no other term for any."""
        if self._any is None:
            return None
        folded = fold(question)
        reworded = self._any.sub(lambda match: self._for[match[0]], folded)
        return reworded if reworded != folded else None


def _held(term: str, words: Lexicon) -> int:
    """Return how many sections hold the rarest word of a term."""
    return min((words.sections_with(word) for word in tokenise(term)), default=0)


def _terms(text: str) -> tuple[str, ...]:
    return tuple(term for entry in text.split(",") if (term := fold(entry.strip())))
