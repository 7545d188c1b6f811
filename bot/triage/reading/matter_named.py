"""Recognise which of several matters the words name: by an error code, a word of its own, or its place."""

import re
from collections.abc import Sequence

from bot.triage.reading.listed_questions import pointed_at
from bot.triage.reading.similarity import telling_words
from bot.triage.reading.version_and_error import find_error_code
from bot.triage.text.plain_text import fold

_ALL = re.compile(
    r"\b(?:both|neither|either of them|all of (?:them|it)|none of them|all (?:two|three|four)|everything)\b"
)
_OTHER = re.compile(r"\bthe other\b")


def names_all(text: str) -> bool:
    """Return whether the words are about all matters: "both work now"."""
    return bool(_ALL.search(fold(text)))


def one_named(text: str, matters: Sequence[str]) -> int | None:
    """Return the place of the one matter that the words name, from 0; None when they name none or several."""
    if names_all(text):
        return None
    return _by_place(text, len(matters)) if (found := _by_words(text, matters)) is None else found


def _by_words(text: str, matters: Sequence[str]) -> int | None:
    code = find_error_code(text)
    if code is not None:
        of_code = [place for place, words in enumerate(matters) if code.lower() in words.lower()]
        if len(of_code) == 1:
            return of_code[0]
    said = telling_words(text)
    shared = [said & telling_words(words) for words in matters]
    own = [words - frozenset().union(*shared[:place], *shared[place + 1 :]) for place, words in enumerate(shared)]
    named = [place for place, words in enumerate(own) if words]
    return named[0] if len(named) == 1 else None


def _by_place(text: str, number: int) -> int | None:
    """Return the place that is said; "the other one" says none, since nobody knows which came before it."""
    return None if _OTHER.search(fold(text)) else pointed_at(text, number)
