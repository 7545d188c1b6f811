"""Put a question in another language into English words, by a glossary of what offices and software are made of.

The manual is in English. What comes out is no sentence, but its words are those that a search looks for.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bot.triage.text.plain_text import fold

FILES = Path(__file__).resolve().parents[3] / "languages" / "glossary"
_WORD = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*")
_MOST_CHARACTERS = 2_000
_FEWEST_LETTERS_OF_A_STEM = 5
# How much longer or shorter a form of a word may be than the form in the glossary.
_MOST_ENDING = 3


@cache
def glossary(code: str) -> Mapping[str, str]:
    """Return the English words by the foreign word or words; empty for a language without a glossary.

    A line of the file is ``rechnung, rechnungen: invoice``.
    """
    file = FILES / f"{code}.txt"
    if not file.exists():
        return {}
    words: dict[str, str] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        foreign, colon, english = line.partition(":")
        if colon and not line.startswith("#"):
            words |= {fold(one.strip()): english.strip() for one in foreign.split(",")}
    return words


def in_english(text: str, code: str, own: Mapping[str, str]) -> str:
    """Return the question in English words, in its order; ``own`` are the operator's words of their trade.

    What the glossary does not know stays as it is when it may be a name, a code or a number, and is left out otherwise.
    """
    known = {**glossary(code), **{fold(word): english for word, english in own.items()}}
    phrases = [phrase for phrase in known if " " in phrase]
    left = fold(text[:_MOST_CHARACTERS]).replace("’", "'")
    for phrase in sorted(phrases, key=len, reverse=True):
        left = re.sub(rf"\b{re.escape(phrase)}\b", f" ={known[phrase].replace(' ', '_')}= ", left)
    found: list[str] = []
    for piece in re.findall(r"=[^=\s]+=|[^=\s]+", left):
        found += [piece.strip("=").replace("_", " ")] if piece.startswith("=") else _words(piece, known)
    return " ".join(dict.fromkeys(filter(None, found))) or text


def _words(piece: str, known: Mapping[str, str]) -> list[str]:
    return [_one(word, known) for word in _WORD.findall(piece)]


def _one(word: str, known: Mapping[str, str]) -> str:
    if word in known:
        return known[word]
    if any(letter.isdigit() for letter in word):
        return word
    return _by_stem(word, known)


def _by_stem(word: str, known: Mapping[str, str]) -> str:
    """Return the meaning of the word of the glossary that shares the longest beginning with another form of it."""
    for ending in range(_MOST_ENDING + 1):
        stem = word[: len(word) - ending]
        if len(stem) < _FEWEST_LETTERS_OF_A_STEM:
            break
        close = [one for one in known if one.startswith(stem) and len(one) - len(stem) <= _MOST_ENDING]
        if close:
            return known[min(close, key=len)]
    return ""
