"""Split a message that asks several things into its questions, and read which one a later message points at."""

import re

from bot.triage.text.plain_text import fold

MOST_QUESTIONS = 9
_NUMBERED = re.compile(r"(?:^|(?<=\s))\(?[1-9][.)]\s{1,3}(?=\S)")
_ASKING = r"(?:how|where|what|when|which|why|who|can|could|do|does|is|are|should|will|would|may)\b"
_AND = r"(?:and |also |then |plus ){1,2}"
_BETWEEN = re.compile(rf"[?;\n]\s{{0,3}}(?:{_AND})?|,\s{{0,3}}(?:{_AND})?(?={_ASKING})|\s(?:{_AND})(?={_ASKING})")
# "Three things: how do I …"
_ANNOUNCED = re.compile(r"^[^:?\n]{1,40}:\s{0,3}(?=\S)")
_WORDS_OF_A_QUESTION = 2
_BEGINS_ASKING = re.compile(rf"\W{{0,3}}(?:{_AND})?(?:{_ASKING}|to\b)")
_PLACES = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
    "fifth": 4,
    "5th": 4,
}
_NUMBERS = {"one": 0, "1": 0, "two": 1, "2": 1, "three": 2, "3": 2, "four": 3, "4": 3, "five": 4, "5": 4}
_PLACE = rf"(?:{'|'.join(_PLACES)}|last|other)"
_THING = r"(?:one|question|part|thing|point|topic|problem|issue)"
# "The last day of the month" points at no question: behind the ordinal stands such a word, or nothing more.
_ENDS = r"(?=\s{0,3}(?:$|[?.!,;:]|\b(?:again|please|pls|too|as well|then|also)\b))"
_ORDINAL = re.compile(
    rf"\b(?:the|my) (?P<place>{_PLACE})(?: {_THING}\b|{_ENDS})"
    rf"|\b(?:number|no\.|question|point) (?P<number>{'|'.join(_NUMBERS)})\b"
)


def listed_questions(text: str) -> tuple[str, ...]:
    """Return the questions of a message that asks at least two, in order; none for any other."""
    announced = _ANNOUNCED.match(text)
    body = text[announced.end() :] if announced and _parts(text[announced.end() :]) else text
    return _parts(body)


def _parts(text: str) -> tuple[str, ...]:
    numbered = [part.strip(" \n,;.") for part in _NUMBERED.split(text)]
    if len(numbered) > 2:
        return tuple(part for part in numbered if part)[-(len(numbered) - 1) :][:MOST_QUESTIONS]
    parts = [part.strip(" \n,;.?!") for part in _split(text)]
    asked = tuple(part for part in parts if _is_question(part))
    return asked[:MOST_QUESTIONS] if len(asked) > 1 else ()


def _split(text: str) -> list[str]:
    folded, start, parts = fold(text), 0, []
    for match in _BETWEEN.finditer(folded):
        parts.append(text[start : match.start()])
        start = match.end()
    return [*parts, text[start:]]


def _is_question(part: str) -> bool:
    return len(part.split()) > _WORDS_OF_A_QUESTION and bool(_BEGINS_ASKING.match(fold(part)))


def pointed_at(text: str, count: int) -> int | None:
    """Return the place, from 0, of the one of ``count`` things that the text points at: "and the second one?".

    None when it points at none of them. "The other one" is the second of two.
    """
    match = _ORDINAL.search(fold(text))
    if match is None or count < 2:
        return None
    word = match["place"]
    if word == "last":
        return count - 1
    if word == "other":
        return 1 if count == 2 else None
    place = _PLACES[word] if word else _NUMBERS[match["number"]]
    return place if place < count else None
