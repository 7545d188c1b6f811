"""The Tech Reference number: made here, and recognised here in whatever way a customer writes or dictates it.

A reference is ``TR-`` and nine digits in threes; the ninth is a Damm check digit, which catches every single
wrong digit and every swapped pair of neighbours. The vendor's page asks customers to quote it on all later
correspondence, so reading is generous: spaces, dashes, ``#``, no prefix, digits of any script or spoken.
It stays away from telephone, card, invoice and account numbers.

It also runs inside the dialogue engine: all that it imports uses only the standard library and ``stdnum``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from stdnum import damm

from bot.triage.reading.number_naming import (
    WORDS_BETWEEN,
    is_called_a_reference,
    is_named_otherwise,
    is_spoken_of_as_given,
    stands_inside_more,
)
from bot.triage.text.plain_text import fold

_SPOKEN = {
    "zero": "0",
    "oh": "0",
    "o": "0",
    "nought": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
}
_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_REPEATS = {"double": 2, "triple": 3, "treble": 3}

_TOKEN = re.compile(
    r"\d+|(?<![^\W_])(?:(?P<repeat>double|triple|treble)[ -]{1,2})?"
    r"(?P<digit>zero|oh|o|nought|one|two|three|four|five|six|seven|eight|nine|\d)(?![^\W_])"
)
_DASH = re.compile(r" ?- ?|[ ,]{0,2}(?:dash|hyphen)[ ,]{0,2}")
_SPACE = re.compile(r"[ \t]{1,3}")
_PAUSE = re.compile(r"[\s,.;/]{1,4}|-?\s{1,3}-?")
_STRONG = re.compile(
    r"(?<![^\W_])(?P<prefix>t\.?[ ]?r\.?|tech(?:nical)?[ -]?ref(?:erence)?s?)"
    r"(?:[\s:=#*\"'(\[.,-]|" + WORDS_BETWEEN + r"){0,12}$"
)
_SHAPES = {(9,), (3, 3, 3), (1,) * 9}


@dataclass(frozen=True)
class Found:
    """A Tech Reference in a text; ``valid`` is False when its check digit or its length shows a typo."""

    reference: str
    valid: bool
    start: int
    end: int


@dataclass(frozen=True)
class _Token:
    digits: str
    spoken: bool
    start: int
    end: int


def new_reference(randbelow: Callable[[int], int]) -> str:
    """Draw a reference such as ``TR-483-920-179``; ``randbelow(n)`` returns a number from 0 to n - 1."""
    digits = f"{randbelow(100_000_000):08d}"
    return _written(digits + damm.calc_check_digit(digits))


def spell_out(reference: str) -> str:
    """Return the reference as one reads it aloud: ``T R, four eight three, nine two zero, one seven nine``.

    Raises ValueError when given something that is not a valid reference in its written form.
    """
    groups = re.fullmatch(r"TR-([0-9]{3})-([0-9]{3})-([0-9]{3})", reference)
    if not groups or not damm.is_valid("".join(groups.groups())):
        raise ValueError("not a Tech Reference in the form TR-483-920-179")
    return "T R, " + ", ".join(" ".join(_NAMES[int(digit)] for digit in group) for group in groups.groups())


def find_references(text: str) -> list[Found]:
    """Return every Tech Reference in ``text``, in order of appearance.

    Nine digits with the right check digit count when they are written or spoken in threes, alone, or beside words of
    what we gave ("any news on …"). A wrong one is returned with ``valid=False`` after ``TR``, near a word like
    "reference", or alone in the message.
    """
    folded = fold(text)
    tokens = [_token(match) for match in _TOKEN.finditer(folded)]
    found: list[Found] = []
    first = 0
    while first < len(tokens):
        run = _after_prefix(folded, tokens, first)
        if run:
            found.append(_judge(run, _prefix_start(folded, run[0].start)))
        else:
            run = _linked(folded, tokens, first)
            meant = [part for part in _parts(folded, run) if _is_meant(folded, part)]
            found.extend(_judge(part, part[0].start) for part in meant)
        first += len(run)
    return found


def _written(digits: str) -> str:
    return "TR-" + "-".join(part for part in (digits[:3], digits[3:6], digits[6:]) if part)


def _token(match: re.Match[str]) -> _Token:
    word = match["digit"]
    if word is None:
        return _Token(match[0], False, *match.span())
    return _Token(_SPOKEN.get(word, word) * _REPEATS.get(match["repeat"], 1), True, *match.span())


def _after_prefix(text: str, tokens: list[_Token], first: int) -> list[_Token]:
    """Return the tokens of the reference that begins at ``first`` behind ``TR`` or "tech reference", if one does."""
    if not _STRONG.search(text, max(0, tokens[first].start - 60), tokens[first].start):
        return []
    run = [tokens[first]]
    links: set[str] = set()
    for place in range(first + 1, len(tokens)):
        token = tokens[place]
        link = _link(text, run[-1], token)
        total = _length(run)
        if not link or total >= 9 or (total >= 7 and not token.spoken and links and link not in links):
            break
        links.add(link)
        run.append(token)
    return run if 7 <= _length(run) <= 11 else []


def _prefix_start(text: str, start: int) -> int:
    """Return where the reference begins: at its own ``TR``, but after words such as "tech reference number"."""
    match = _STRONG.search(text, max(0, start - 60), start)
    return match.start() if match and "e" not in match["prefix"] else start


def _linked(text: str, tokens: list[_Token], first: int) -> list[_Token]:
    """Return the longest run from ``first`` of digit groups, or of spoken digits, that could be one number."""
    run = [tokens[first]]
    for place in range(first + 1, len(tokens)):
        token = tokens[place]
        link = _link(text, run[-1], token)
        if token.spoken != run[0].spoken or not link or (link == "pause" and not token.spoken):
            break
        run.append(token)
    return run


def _parts(text: str, run: list[_Token]) -> list[list[_Token]]:
    """Return what in the run looks like a reference: all of it, or a dashed or unbroken part between spaces."""
    shape = tuple(len(token.digits) for token in run)
    if shape in _SHAPES or (run[0].spoken and sum(shape) == 9):
        return [run]
    parts: list[list[_Token]] = [[run[0]]]
    for token in run[1:]:
        if _link(text, parts[-1][-1], token) == "dash":
            parts[-1].append(token)
        else:
            parts.append([token])
    unbroken_stands_alone = all(length == 9 or length <= 2 for length in shape)
    return [
        part
        for part in parts
        if [len(token.digits) for token in part] == [3, 3, 3]
        or (len(part) == 1 and len(part[0].digits) == 9 and unbroken_stands_alone)
    ]


def _is_meant(text: str, part: list[_Token]) -> bool:
    start, end = part[0].start, part[-1].end
    if stands_inside_more(text, start, end) or is_named_otherwise(text, start, end):
        return False
    if is_called_a_reference(text, start, end):
        return True
    if not damm.is_valid("".join(token.digits for token in part)):
        return False
    # One number in ten passes the check: in threes with dashes, or spoken, it is written as ours are.
    as_ours = part[0].spoken or "-" in text[start:end]
    return as_ours or is_spoken_of_as_given(text, start, end)


def _judge(run: list[_Token], start: int) -> Found:
    digits = "".join(token.digits for token in run)
    return Found(_written(digits), len(digits) == 9 and damm.is_valid(digits), start, run[-1].end)


def _link(text: str, left: _Token, right: _Token) -> str:
    """Return how two tokens hang together: by a dash, a space, a pause (comma, line end), or "" for not at all."""
    between = text[left.end : right.start]
    for kind, pattern in (("dash", _DASH), ("space", _SPACE), ("pause", _PAUSE)):
        if pattern.fullmatch(between):
            return kind
    return ""


def _length(run: list[_Token]) -> int:
    return sum(len(token.digits) for token in run)
