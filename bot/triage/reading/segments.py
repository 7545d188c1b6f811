"""Split a message into segments: sentences, list items, and clauses that begin a question or a matter of their own."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.triage.text.plain_text import fold

MOST_CHARACTERS = 2_000
MOST_SEGMENTS = 24
_MARKER = re.compile(r"(?:(?<=^)|(?<=[\s,;:]))\(?(?:\d{1,2}|[a-d])[.)](?=\s)|(?<=\n)\s{0,4}[-*•](?=\s)")
_SENTENCE_END = re.compile(r"[.!?]+[\"')\]]{0,2}(?=\s)|\n+|;(?=\s)")
# Words with which a writer turns to something else.
_TURN = re.compile(
    r"(?:,\s*|\s+|(?<=^))(?:(?:and|but|oh|plus)[\s,]+){0,2}"
    # "It also hangs" goes on about the same; "and also" and "Also," turn to something else.
    r"(?:(?:(?<=and )|(?<=but )|(?<=plus )|(?<=oh )|(?<=, )|(?<=^))also\b|on top of (?:that|it)\b|by the way\b|"
    r"btw\b|(?:(?<=and )|(?<=but ))besides\b(?= (?:the|our|my|all|some|nobody|i|we|it|there)\b)|"
    r"besides\b(?!\s+the)|"
    r"in addition\b(?!\s+to)|apart from that\b|separately\b|on (?:another|a different|a separate|an unrelated) note\b|"
    r"(?:the |my |our )?(?:first|1st|second|2nd|third|3rd|next|last|other) (?:problem|issue|thing|question|matter)"
    r"(?:\s+is(?: that)?\b|(?=\s{0,2}[:,-]))|"
    # "And I'd like to know how …" leads to a question.
    r"(?:(?<=and )(?:i|we)(?:'d| would)? (?:also )?|(?:i|we)(?:'d| would)? also )(?:like|want|wanted|need) to "
    r"(?:know|ask|find out)\b|plus(?= (?:the|our|my|we|i|how|all|an?)\b)|"
    r"one more (?:thing|question|problem)\b|"
    r"(?:now )?(?:something|anything) (?:quite |completely |totally |entirely )?(?:else|different)\b|"
    r"another (?:thing|question|problem|issue|matter)\b|"
    r"(?:a )?(?:different|second|new|unrelated) (?:story|thing|question|problem|issue|matter)\b|"
    r"the other (?:thing|problem)\b|"
    r"(?:(?<=, )|(?<=^))(?:second|third|fourth)(?= (?:the|our|my|i|we|all|some|nobody|an?)\b)|"
    r"(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|1st|2nd|3rd|finally|lastly)(?=[,:])|while (?:i|we)(?:'m|'re| am|"
    r" are) (?:at it|here)\b)[\s,:-]*"
)
# "Or do I have to click" is the other half of one question.
_JOINED = r"(?:,\s*(?:(?:and|but|&)\s+)?|\s+(?:and|but|&)\s+)"
_INVERTED = (
    r"(?:how (?:do|can|could|would|should|is|are|much|long|many)|where (?:do|can|is|are)|what (?:is|are|do|does|"
    r"would)|"
    r"can|could|is there|are there|do (?:i|we|you)|does (?:it|the)|is it|should (?:i|we))\b"
)
# After a statement only the word order of a question begins one: "and nobody knows how it began" does not.
_JOINS_AFTER_STATEMENT = re.compile(rf"{_JOINED}(?={_INVERTED})")
# "… for a customer who has moved and is on hold" goes on; "and does the backup …" asks anew.
_AUXILIARY_AND_SUBJECT = (
    r"(?:does|do|did|is|are|was|can|could|will|would|should|must|may|has|have) (?:i|we|you|he|she|it|they|there|this|"
    r"that|these|those|the|an?|my|our|your|someone|somebody|anyone|everyone|\w+ing)\b"
)
_JOINS_AFTER_QUESTION = re.compile(
    rf"{_JOINED}(?=(?:how|where|which|what|when|who|why)\b|{_INVERTED}|{_AUXILIARY_AND_SUBJECT})|"
    r"\s+(?=how (?:do|can) (?:i|we)\b)"
)
_BEGINS_A_QUESTION = re.compile(
    r"(?:^|[.:!?;\n,]\s*|\b(?:me|know|tell|ask|show|explain|wonder|things|questions|please)[\s:,-]+)"
    r"(?:(?:please|hi|hello|hey|ok|and|so|but)[\s,]+){0,3}"
    r"(?:how|where|which|what|when|who|why|can|could|is there|are there|do|does|should)\b"
)


@dataclass(frozen=True)
class Segment:
    """A part of a message. ``turns``: its writer says that something else begins here, or it is an item of a list.

    ``goes_on``: it stands in one sentence with the segment before it.
    """

    text: str
    turns: bool = False
    goes_on: bool = False


def segments(text: str) -> list[Segment]:
    """Return the segments of the first 2,000 characters in their order, at most 24."""
    text = text[:MOST_CHARACTERS]
    found: list[Segment] = []
    for item, is_item in _items(text):
        for begin, part in enumerate(_sentences(item)):
            found += _clauses(part, turns=is_item and begin == 0)
    return found[:MOST_SEGMENTS]


def _items(text: str) -> list[tuple[str, bool]]:
    """Return the items of a list with what stands before it; the whole text when it has no two items."""
    marks = list(_MARKER.finditer(fold(text)))
    if len(marks) < 2:
        return [(text, False)]
    edges = [(mark.end(), following.start()) for mark, following in pairwise(marks)]
    items = [text[begin:end].strip(" ,;") for begin, end in [*edges, (marks[-1].end(), len(text))]]
    return [(text[: marks[0].start()], False), *((item, True) for item in items if item)]


def _sentences(text: str) -> list[str]:
    parts, begin = [], 0
    for match in _SENTENCE_END.finditer(text):
        parts.append(text[begin : match.end()])
        begin = match.end()
    return [part.strip() for part in (*parts, text[begin:]) if part.strip()]


def _clauses(sentence: str, *, turns: bool) -> list[Segment]:
    found: list[Segment] = []
    begin, new = 0, turns
    for match in _TURN.finditer(fold(sentence)):
        found += _questions(sentence[begin : match.start()], turns=new)
        begin, new = match.end(), True
    found += _questions(sentence[begin:], turns=new)
    return [replace(segment, goes_on=place > 0) for place, segment in enumerate(found)]


def _questions(clause: str, *, turns: bool) -> list[Segment]:
    """Split "how do I close a month and how do I reopen it" before its second question."""
    folded = fold(clause)
    first = _BEGINS_A_QUESTION.search(folded)
    edges = {match.span() for match in _JOINS_AFTER_STATEMENT.finditer(folded)}
    if first is not None:
        edges |= {match.span() for match in _JOINS_AFTER_QUESTION.finditer(folded, first.end())}
    parts, begin = [], 0
    for start, end in sorted(edges):
        parts.append(clause[begin:start])
        begin = end
    kept = [part.strip(" ,:-") for part in (*parts, clause[begin:]) if part.strip(" ,:-.!")]
    return [Segment(part, turns and place == 0) for place, part in enumerate(kept)]
