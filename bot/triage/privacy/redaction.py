"""Payment card numbers are replaced at the door: never stored, logged, indexed or sent on.

The vendor's page takes payment by VISA or MasterCard, so customers will type numbers. Tech References,
telephone numbers, serial numbers and long ids stay: a card number has a known beginning and length and
passes Luhn's check.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stdnum import luhn

from bot.triage.text.plain_text import fold

NUMBER_MASK = "[card number removed]"
CODE_MASK = "[card detail removed]"

# A random UUID, or a digest of 128 to 512 bits: about one in 4,000 holds digits that a card could have. A card written
# alone has none of their letters.
_RANDOM_ID = re.compile(
    r"(?<![^\W_])(?=[0-9-]*[a-f])"
    r"(?:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|"
    r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})(?![^\W_])"
)
# What a program makes up as an id may be of any length.
_HEXADECIMAL = re.compile(r"(?<![^\W_])(?=[0-9]*[a-f])[0-9a-f]{16,}(?![^\W_])")
# People group digits with whatever is no letter; a line may wrap, and pasted text holds invisible characters.
_GAP = r"(?:[^\w]|_){0,4}"
_DIGITS = re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{12,}}")
# Letters that touch the number: INV4111… is an id of something, while visa4111… and no4111… are not.
_ID_PREFIX = re.compile(r"(?<![^\W_])(?!is|no|nr|mc|cc)[^\W\d_]{1,3}$")
_CODE = re.compile(
    r"(?<![^\W_])(?:cvv2?|cvc2?|security code|card code|verification code|code on the back)"
    r"[\s:=#.-]{0,3}(?:(?:is|number|no)[\s:=#.-]{0,3}){0,2}(?P<detail>\d{3,4})(?!\d)"
)
_EXPIRES = r"(?:exp[a-z]{0,9}|valid (?:thru|through|until|to)|good (?:thru|through))"
_EXPIRY = re.compile(
    r"(?<![\w/])(?P<detail>(?:0?[1-9]|1[0-2])\s?/\s?(?:20)?\d{2})(?![\w/])|"
    rf"(?<![^\W\d_]){_EXPIRES}[\s:=.]{{0,3}}(?:(?:date|on|is)[\s:=.]{{0,3}}){{0,2}}"
    r"(?P<called>(?:0[1-9]|1[0-2])[\s.-]?(?:20)?\d{2})(?!\d)"
)
_BEHIND = re.compile(
    r"[\s,;|/-]{1,4}(?P<detail>(?:(?:0[1-9]|1[0-2])[\s/.-]?(?:20)?\d{2}[\s,;|/-]{1,4})?\d{3,4})(?![^\W_]|[.,/-]\d)"
)
_NEAR = 60
_MOST_LETTERS = 40
_ONLY_DETAIL = re.compile(
    rf"(?:(?:and |the )?(?:{_EXPIRES}|cvv2?|cvc2?|security code|code)[\s:=.]{{0,3}}(?:is )?)?"
    r"(?:(?:0?[1-9]|1[0-2])\s?[/.-]\s?(?:20)?\d{2}(?:[\s,;/-]{1,4}(?:cvv2?|cvc2?)?[\s:]{0,2}\d{3,4})?|\d{3,4})"
)
# Beginnings by length. VISA and MasterCard are taken; the others are typed in hope, and are no business of
# ours.
_VISA, _MASTERCARD = (
    r"4(?:\d{12}|\d{15}|\d{18})",
    r"(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}",
)
_TAKEN = re.compile(f"{_VISA}|{_MASTERCARD}")
_BRANDS = re.compile(
    "|".join(
        (
            _VISA,
            _MASTERCARD,
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
    folded, numbers = _numbers_in(text)
    if not numbers and (together := _together([text])) is not None:
        return Redacted(together[0], True)
    details = [match.span("detail") for match in _CODE.finditer(folded)]
    for start, end in numbers:
        details += _details_near(folded, start, end)
    return Redacted(_masked(text, numbers, details), bool(numbers or details))


def id_holds_card(identifier: str) -> bool:
    """Whether an id that a program sends holds a card number. Hexadecimal digits with letters among them are random."""
    return redact_cards(_HEXADECIMAL.sub("x", identifier)).found


def split_card(pieces: Sequence[str]) -> list[str] | None:
    """A card number written over several messages, the newest last: all of them masked; None when there is none.

    Either the digits follow one another across the messages, or each message holds few words and the digits of all
    together make a card of a brand that we take.
    """
    for first in range(len(pieces) - 1):
        masked = _across(pieces[first:]) or _together(pieces[first:])
        if masked is not None:
            return [*pieces[:first], *masked]
    return None


def detail_behind_card(text: str) -> bool:
    """Whether a message holds nothing but an expiry date or a security code, as people send after the number."""
    return bool(_ONLY_DETAIL.fullmatch(fold(text).strip()))


def _numbers_in(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text folded, with letters in place of every random id so that offsets stay, and where cards stand in it."""
    folded = _RANDOM_ID.sub(lambda found: "x" * len(found[0]), fold(text))
    return folded, [span for match in _DIGITS.finditer(folded) for span in _cards_in(folded, match)]


def _across(pieces: Sequence[str]) -> list[str] | None:
    """Masks a number that begins in the first piece and ends in the last."""
    joined = "\n".join(pieces)
    last = len(joined) - len(pieces[-1])
    folded, numbers = _numbers_in(joined)
    for start, end in numbers:
        if start <= len(pieces[0]) and end > last and _grouped_over_lines(folded[start:end]):
            return _cut_out(pieces, [(start, end)])
    return None


def _grouped_over_lines(number: str) -> bool:
    """Whether the groups are a card's when a message ends between two of them, or in the middle of one."""
    closed = re.sub(r"[^\w\n]*\n[^\w\n]*", "", number)
    return any(_grouped_like_a_card([len(group) for group in re.findall(r"\d+", one)]) for one in (number, closed))


def _together(pieces: Sequence[str]) -> list[str] | None:
    """Masks all digits of short messages that make one card number, such as "first 4111 1111" and "then 1111 1111"."""
    folded = fold("\n".join(pieces))
    if not _is_taken("".join(re.findall(r"\d", folded))) or not all(_is_part(piece) for piece in folded.split("\n")):
        return None
    spans = [match.span() for match in re.finditer(r"\d(?:[^\w\n]*\d)*", folded)]
    return _cut_out(pieces, spans)


def _is_part(piece: str) -> bool:
    """Few words, and digits in fours or in one run: no reference, no telephone, no serial number."""
    groups = re.findall(r"\d+", piece)
    in_fours = all(len(group) % 4 == 0 for group in groups)
    if not groups or not (in_fours or (len(groups) == 1 and len(groups[0]) > 4)):
        return False
    return sum(char.isalpha() for char in piece) <= _MOST_LETTERS and not re.search(r"[^\W\d]\d|\d[^\W\d_]", piece)


def _cut_out(pieces: Sequence[str], spans: Sequence[tuple[int, int]]) -> list[str]:
    """The pieces with a mask in place of what each holds of the spans, which count in the pieces joined by lines."""
    masked, start = [], 0
    for piece in pieces:
        inside = [(max(0, one - start), min(len(piece), end - start)) for one, end in spans]
        masked.append(_masked(piece, [span for span in inside if span[0] < span[1]], []))
        start += len(piece) + 1
    return masked


def _is_taken(digits: str) -> bool:
    """Whether the digits are a whole number of VISA or MasterCard."""
    return bool(_TAKEN.fullmatch(digits)) and bool(luhn.is_valid(digits))


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
