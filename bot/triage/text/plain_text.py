"""One plain form of what people type, so that no rule need know every script's digits, dashes and spaces.

``visible`` is what is stored and shown: characters that nobody sees are left out, and one letter has one spelling.
``canonical`` is what is compared, looked up and indexed. ``fold`` is what patterns read: it keeps every offset.
"""

import re
import unicodedata
from functools import lru_cache

# Emoji are joined (U+200D) and coloured (U+FE0F, U+FE0E) by characters that nobody sees; Persian and Indic words need
# the joiners as well: https://www.unicode.org/reports/tr31/#Layout_and_Format_Control_Characters
_JOINERS = "\u200c\u200d\ufe0e\ufe0f"
_MANY_JOINERS = re.compile(rf"([{_JOINERS}]{{2}})[{_JOINERS}]+")
_USELESS_JOINERS = re.compile(
    rf"(?:(?<=[\x00-\u02ff])|(?<!\S))[{_JOINERS}]{{1,2}}|[{_JOINERS}]{{1,2}}(?=[\s\x00-\u02ff]|\Z)"
)
_BLANK = "\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5"
_LINE_ENDS = "\v\f\x85\u2028\u2029"
KEPT_CONTROLS = "\n\t"


def visible(text: str) -> str:
    """Return the text as one sees it: NFC, with ``\\n`` ending lines and without control and invisible characters.

    Lone surrogates, which no database takes, become U+FFFD. The result is empty when there is nothing to see.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii() or not text.isprintable():
        text = _USELESS_JOINERS.sub("", _MANY_JOINERS.sub(r"\1", "".join(map(_seen, text))))
    return unicodedata.normalize("NFC", text) if text.strip() else ""


def canonical(text: str) -> str:
    """Return the one form in which text is compared and indexed: NFKC, case folded, visible, with single spaces."""
    if text.isascii():
        return " ".join(text.casefold().split())
    kept = "".join(char for char in map(_seen, text) if char not in _JOINERS)
    # Folding the case of a normalised text may leave it unnormalised: https://www.unicode.org/reports/tr15/
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", kept).casefold())
    return " ".join(folded.split())


def fold(text: str) -> str:
    """Return the text in lower case, its digits, dashes, spaces and apostrophes made plain; every offset is kept."""
    return text.lower() if text.isascii() else "".join(map(_fold_character, text))


@lru_cache(maxsize=8192)
def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    if category == "Zs" or character in _LINE_ENDS:
        return " " if category == "Zs" else "\n"
    if character in KEPT_CONTROLS or character in _JOINERS:
        return character
    return "" if category in ("Cc", "Cf") or character in _BLANK else character


@lru_cache(maxsize=8192)
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
    """Return the words of a list that is written as running text, because it is read more easily so."""
    return frozenset(text.split())
