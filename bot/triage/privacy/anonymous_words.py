"""A customer's question without what names or reaches anybody: for lists that many people of the staff read.

Error codes (QB-2107), versions (12.2.1) and amounts of up to four digits stay: they are what the question is about.
"""

import re

from bot.triage.reading.contact_details import EMAIL
from bot.triage.reading.tech_reference import find_references
from bot.triage.text.plain_text import fold

_WEB = re.compile(r"(?:https?://|www\.)\S+")
_STREETS = "street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|close|square|way|terrace"
_STREET = re.compile(rf"(?<!\w)\d{{1,5}}[a-z]?,?\s+(?:[^\W\d_][\w'-]*\s+){{1,3}}(?:{_STREETS})(?!\w)\.?")
_NUMBER = re.compile(r"\+?\(?\d(?:[ ./()-]{0,2}\d){4,}")
_LICENCE = re.compile(r"(?<!\w)[a-z\d]{4,6}(?:-[a-z\d]{4,6}){2,9}(?![\w-])")


def anonymous(text: str) -> str:
    """The text with e-mail, web and street addresses and every number of five digits or more masked."""
    folded = fold(text)
    spans = [(one.start, one.end, "[reference]") for one in find_references(text)]
    for pattern, mask in (
        (_WEB, "[web address]"),
        (EMAIL, "[e-mail address]"),
        (_LICENCE, "[number]"),
        (_STREET, "[address]"),
        (_NUMBER, "[number]"),
    ):
        found = (match for match in pattern.finditer(folded) if pattern is not _LICENCE or _has_digit(match[0]))
        spans += [(*match.span(), mask) for match in found]
    pieces: list[str] = []
    place = 0
    for start, end, mask in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= place:
            pieces += [text[place:start], mask]
            place = end
        elif end > place:
            # Two masks overlap: what the first does not cover must go too.
            place = end
    return "".join([*pieces, text[place:]])


def _has_digit(words: str) -> bool:
    return any(char.isdigit() for char in words)
