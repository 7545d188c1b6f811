"""Compare two problem descriptions: similar by error code or by enough common words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.triage.reading.version_and_error import find_error_code
from bot.triage.text.plain_text import fold, word_set

# What says nothing about which trouble it is.
COMMON = word_set(
    """about after again also always another because been before being cannot could does doing done each every from have
    having help here into just like made make more most much need never only other over please problem problems program
    quillbook really same should since some still that their them then there these they thing this those through time
    today trouble used using very want wants week were what when where which while will with without work working works
    would wrong yesterday your error issue morning says said whenever keeps does not has the and for you are was can
    our all any get got out its but see now new too"""
)
FEWEST_COMMON, ENOUGH = 2, 0.5
_ENDINGS = ("ing", "ies", "es", "ed", "s", "e")
_SHORTEST_WORD, _SHORTEST_STEM = 3, 4


@dataclass(frozen=True)
class _Gist:
    """The features by which a text is compared."""

    code: str | None
    words: frozenset[str]

    @classmethod
    def of(cls, text: str) -> "_Gist":
        return cls(_code(text), telling_words(text))

    def is_like(self, other: "_Gist") -> bool:
        if self.code and self.code == other.code:
            return True
        common = len(self.words & other.words)
        return common >= FEWEST_COMMON and common >= ENOUGH * min(len(self.words), len(other.words))


def alike(one: str, other: str) -> bool:
    """Return whether both name one error code, or share half of the shorter text's telling words and two at least."""
    return _Gist.of(one).is_like(_Gist.of(other))


def telling_words(text: str) -> frozenset[str]:
    """Return the words that say which trouble it is, without their endings."""
    found = re.findall(r"[^\W\d_]{3,}", fold(text))
    return frozenset(_stem(word) for word in found if word not in COMMON)


def groups(texts: Mapping[int, str]) -> list[list[int]]:
    """Return the keys of ``texts`` in groups of the same trouble, the largest first; each text belongs to one group."""
    left, found = {key: _Gist.of(text) for key, text in texts.items()}, []
    while left:
        key, gist = next(iter(left.items()))
        group = [other for other, its in left.items() if other == key or gist.is_like(its)]
        found.append(group)
        for member in group:
            del left[member]
    return sorted(found, key=len, reverse=True)


def _code(text: str) -> str | None:
    code = find_error_code(text)
    return code.lower() if code else None


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word
