"""One plain form of what people type, so that no rule need know every script's digits, dashes and spaces."""

import unicodedata


def fold(text: str) -> str:
    """The text in lower case, its digits, dashes, spaces and apostrophes made plain; every offset is kept."""
    return text.lower() if text.isascii() else "".join(map(_fold_character, text))


def _fold_character(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(character) == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    if unicodedata.category(character) == "Zs":
        return " "
    if character in "‘’ʼ":
        return "'"
    plain = unicodedata.normalize("NFKC", character).lower()
    return plain if len(plain) == 1 else character


def word_set(text: str) -> frozenset[str]:
    """The words of a list that is written as running text, because it is read more easily so."""
    return frozenset(text.split())
