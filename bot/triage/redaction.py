"""Payment card numbers are replaced at the door: never stored, logged, indexed or sent on.

The vendor's page takes payment by VISA or MasterCard, so customers will type numbers. Tech References,
telephone numbers, serial numbers and long ids stay: a card number has a known beginning and length and
passes Luhn's check.
"""

import re
from dataclasses import dataclass

from stdnum import luhn

from bot.triage.plain_text import fold

NUMBER_MASK = "[card number removed]"
CODE_MASK = "[card detail removed]"

# People group digits with spaces, dashes, dots; a line may wrap, and pasted text holds invisible characters.
_GAP = r"[\s.\-_/*,|\u00ad\u200b-\u200d\u2060\ufeff]{0,3}"
_DIGITS = re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{12,}}")
# Letters that touch the number: INV4111… is an id of something, while visa4111… and no4111… are not.
_ID_PREFIX = re.compile(r"(?<![^\W_])(?!is|no|nr|mc|cc)[^\W\d_]{1,3}$")
_CODE = re.compile(
    r"(?<![^\W_])(?:cvv2?|cvc2?|security code|card code|verification code|code on the back)"
    r"[\s:=#.-]{0,3}(?:(?:is|number|no)[\s:=#.-]{0,3}){0,2}(?P<detail>\d{3,4})(?!\d)"
)
_EXPIRY = re.compile(
    r"(?<![\w/])(?P<detail>(?:0?[1-9]|1[0-2])\s?/\s?(?:20)?\d{2})(?![\w/])|"
    r"(?<![^\W\d_])exp[a-z]{0,9}[\s:=.]{0,3}(?:(?:date|on|is)[\s:=.]{0,3}){0,2}(?P<called>(?:0[1-9]|1[0-2])[\s.-]?(?:20)?\d{2})(?!\d)"
)
_BEHIND = re.compile(
    r"[\s,;|/-]{1,4}(?P<detail>(?:(?:0[1-9]|1[0-2])[\s/.-]?(?:20)?\d{2}[\s,;|/-]{1,4})?\d{3,4})(?![^\W_]|[.,/-]\d)"
)
_NEAR = 60
# Beginnings by length. VISA and MasterCard are taken; the others are typed in hope, and are no business of
# ours.
_BRANDS = re.compile(
    "|".join(
        (
            r"4(?:\d{12}|\d{15}|\d{18})",
            r"(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}",
            r"3[47]\d{13}",
            r"(?:6011|65\d{2}|64[4-9]\d)\d{12}(?:\d{3})?",
            r"35(?:2[89]|[3-8]\d)\d{12}",
            r"3(?:0[0-5]|[68]\d)\d{11}",
            r"(?:5018|5020|5038|6304|6759|676[1-3])\d{9,15}",
            r"62\d{14,17}",
        )
    )
)


@dataclass(frozen=True)
class Redacted:
    """The text with card numbers masked; ``found`` says whether there were any."""

    text: str
    found: bool


def redact_cards(text: str) -> Redacted:
    """Mask every payment card number, and the expiry date and security code that stand near one."""
    folded = fold(text)
    numbers = [span for match in _DIGITS.finditer(folded) for span in _cards_in(folded, match)]
    details = [match.span("detail") for match in _CODE.finditer(folded)]
    for start, end in numbers:
        details += _details_near(folded, start, end)
    return Redacted(_masked(text, numbers, details), bool(numbers or details))


def _cards_in(folded: str, run: re.Match[str]) -> list[tuple[int, int]]:
    """Where card numbers stand in a run of digit groups; each takes whole groups."""
    groups = [match.span() for match in re.finditer(r"\d+", folded[run.start() : run.end()])]
    found: list[tuple[int, int]] = []
    first = _groups_of_an_id(folded, run, groups)
    while first < len(groups):
        last = _last_group(run[0], groups, first)
        if last is not None:
            found.append((run.start() + groups[first][0], run.start() + groups[last][1]))
        first = first + 1 if last is None else last + 1
    return found


def _groups_of_an_id(folded: str, run: re.Match[str], groups: list[tuple[int, int]]) -> int:
    """How many groups belong to an id that the run begins with, such as a licence key QB12-4831-9920-…"""
    if not _ID_PREFIX.search(folded, max(0, run.start() - 4), run.start()):
        return 0
    count = 1
    while count < len(groups) and run[0][groups[count - 1][1] : groups[count][0]] == "-":
        count += 1
    return count


def _last_group(digits: str, groups: list[tuple[int, int]], first: int) -> int | None:
    """The last group of the longest card number that begins with group ``first``; None when none does."""
    number, longest = "", None
    for last in range(first, min(first + 19, len(groups))):
        number += digits[slice(*groups[last])]
        if len(number) > 19:
            break
        whole = first == 0 and last == len(groups) - 1
        sizes = [end - start for start, end in groups[first : last + 1]]
        if _is_card(number) and (whole or _grouped_like_a_card(sizes)):
            longest = last
    return longest


def _grouped_like_a_card(sizes: list[int]) -> bool:
    """Four and more at a time, or even groups: two telephone numbers in a row, in threes and fours, are
    not.
    """
    return all(size >= 4 for size in sizes[:-1]) or (len(set(sizes[:-1])) == 1 and sizes[0] != 3)


def _is_card(digits: str) -> bool:
    return len(digits) >= 13 and bool(_BRANDS.fullmatch(digits)) and bool(luhn.is_valid(digits))


def _details_near(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """Expiry dates near a card number, and a security code right behind it."""
    low, high = max(0, start - _NEAR), min(len(folded), end + _NEAR)
    spans = [match.span(match.lastgroup or 0) for match in _EXPIRY.finditer(folded, low, high)]
    behind = _BEHIND.match(folded, end)
    return [*spans, behind.span("detail")] if behind else spans


def _masked(text: str, numbers: list[tuple[int, int]], details: list[tuple[int, int]]) -> str:
    masks = dict.fromkeys(details, CODE_MASK) | dict.fromkeys(numbers, NUMBER_MASK)
    pieces: list[str] = []
    place = 0
    for (start, end), mask in sorted(masks.items(), key=lambda one: (one[0][0], -one[0][1])):
        if start >= place:
            pieces += [text[place:start], mask]
            place = end
    return "".join([*pieces, text[place:]])
