"""Payment card numbers are replaced at the door: never stored, logged, indexed or sent on.

The vendor's page takes payment by VISA or MasterCard, so customers will type numbers. Tech References, telephone
numbers, serial numbers, lists of invoices and the lines of logs stay. docs/decisions/0032 gives the rule.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bot.triage.privacy.card_numbers import LONGEST, SHORTEST, is_card, is_taken_card
from bot.triage.privacy.card_words import (
    card_is_named_near,
    card_touches,
    is_named_otherwise,
    names_card,
    names_card_part,
)
from bot.triage.privacy.digit_groups import CARD_SHAPES, Group, chains_in, groups_in, is_list
from bot.triage.text.plain_text import fold

NUMBER_MASK = "[card number removed]"
CODE_MASK = "[card detail removed]"

Span = tuple[int, int]

# A bare run is an id when one of these touches it: blk_4568…, pid[4111…], 12:4111…, request=4111…, a.4111…
_TOUCHES_AN_ID = frozenset("_.:[#-=/\\@&%$+~|{")
_ID_BEHIND = re.compile(
    r"_|[a-f]{1,3}(?![^\W\d_])|[^\W\d_]*\d|[^\W\d_](?![^\W\d_])|#|[.:=@]\w|-(?:\d{5}|[^\W\d_])|/\d{5}"
)
_WORD_CHARACTER = re.compile(r"[^\W_]")
_NUMBER_AT_MOST = 200  # characters of a message that spells one number among words
_MOST_LETTERS = 12
_FOURS_OF_ONE_CARD = 6  # with an expiry date and a security code in the same hand
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
_ONLY_DETAIL = re.compile(
    rf"(?:(?:and |the )?(?:{_EXPIRES}|cvv2?|cvc2?|security code|code)[\s:=.]{{0,3}}(?:is )?)?"
    r"(?:(?:0?[1-9]|1[0-2])\s?[/.-]\s?(?:20)?\d{2}(?:[\s,;/-]{1,4}(?:cvv2?|cvc2?)?[\s:]{0,2}\d{3,4})?|\d{3,4})"
)
_LONGEST_DETAIL = 60


class WithoutCards(str):
    """Text that was searched for card numbers: it need not be searched again."""

    __slots__ = ()


# Chance alone makes one of some thousands of them look like groups of a card number.
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


@dataclass(frozen=True)
class Redacted:
    """The text with card numbers masked; ``found`` says whether there were any."""

    text: WithoutCards
    found: bool


def redact_cards(text: str) -> Redacted:
    """Mask every payment card number, and the expiry date and security code that stand near one."""
    folded = fold(text)
    numbers = list(_numbers_in(folded)) or _spelled_among_words(folded)
    details = [match.span("detail") for match in _CODE.finditer(folded)]
    for start, end in numbers:
        details += _details_near(folded, start, end)
    return Redacted(WithoutCards(masked(text, numbers, details)), bool(numbers or details))


def redact_field(value: str) -> Redacted:
    """Mask every run of digits that could be a card's, however it is joined: for addresses, file names and ids.

    Such a value has no words that would tell, and nobody misses the digits of an id in it.
    """
    folded = fold(value)
    spans = [
        (group.start, group.end) for group in groups_in(folded) if is_card(group.digits) and not _is_hex(folded, group)
    ]
    for _, chain in chains_in(folded):
        for size in (4, 3):
            windows = (chain[first : first + size] for first in range(len(chain) - size + 1))
            spans += [(one[0].start, one[-1].end) for one in windows if _has_card_shape(one) and is_card(_joined(one))]
    found = redact_cards(masked(value, spans, []))
    return Redacted(found.text, found.found or bool(spans))


def id_holds_card(identifier: str) -> bool:
    """Return whether an id that a program sends holds a card number. Random hexadecimal digits and UUIDs do not."""
    return not _UUID.fullmatch(identifier) and redact_field(identifier).found


def detail_behind_card(text: str) -> bool:
    """Return whether a message is nothing but an expiry date or a security code, as people send after the number."""
    return len(text) <= _LONGEST_DETAIL and bool(_ONLY_DETAIL.fullmatch(fold(text).strip()))


def masked(text: str, numbers: Iterable[Span], details: Iterable[Span]) -> str:
    """Return the text with a mask in place of each span."""
    masks = dict.fromkeys(details, CODE_MASK) | dict.fromkeys(numbers, NUMBER_MASK)
    pieces: list[str] = []
    place = 0
    for (start, end), mask in sorted(masks.items(), key=lambda one: (one[0][0], -one[0][1])):
        if start >= place:
            pieces += [text[place:start], mask]
            place = end
    return "".join([*pieces, text[place:]])


def _numbers_in(folded: str) -> Iterator[Span]:
    """Return where card numbers are written in a folded text, in order."""
    named = names_card(folded)
    taken = 0
    for separator, chain in chains_in(folded):
        for first, last in _cards_of(folded, separator, chain, named):
            if chain[first].start >= taken:
                taken = chain[last].end
                yield chain[first].start, taken


def _cards_of(folded: str, separator: str, chain: list[Group], named: bool) -> Iterator[tuple[int, int]]:
    """Return the first and last group of every card in a chain of equally separated groups."""
    fours = _fours_around(chain)
    first = 0
    while first < len(chain):
        last = first if _is_bare_card(folded, separator, chain, first, named) else None
        if last is None:
            last = _end_of_card(folded, separator, chain, first, fours[first], named)
        if last is None and first == 0 and named and _is_named_card(folded, chain):
            last = len(chain) - 1
        if last is not None:
            yield first, last
        first = first + 1 if last is None else last + 1


def _is_bare_card(folded: str, separator: str, chain: list[Group], place: int, named: bool) -> bool:
    """Return whether one unbroken run of digits is a card's; beyond 16 digits only where a card is named."""
    run = chain[place]
    if not is_card(run.digits):
        return False
    if named and (card_touches(folded, run.start) or card_is_named_near(folded, run.start, run.end)):
        return not _is_id_behind(folded, run.end)
    if len(run.digits) > 16 or (place and not _is_loose(separator)):
        return False
    return not _touches_an_id(folded, run.start) and not _is_id_behind(folded, run.end)


def _end_of_card(folded: str, separator: str, chain: list[Group], first: int, fours: int, named: bool) -> int | None:
    """Return the last group of the longest card that begins with group ``first``; None when none does."""
    for size in (5, 4, 3):
        card = chain[first : first + size]
        if len(card) < size or not _has_card_shape(card) or not is_card(_joined(card)):
            continue
        start, end = card[0].start, card[-1].end
        told = named and card_is_named_near(folded, start, end)
        if _is_written_as_a_card(folded, separator, chain, first, size, fours, told):
            return first + size - 1
    return None


def _is_named_card(folded: str, chain: list[Group]) -> bool:
    """Return whether a chain in any groups is a card's number where a card is named: in pairs, in halves."""
    if len(chain) > LONGEST or not is_card(_joined(chain)):
        return False
    start, end = chain[0].start, chain[-1].end
    listed = is_list([group.digits for group in chain], surely=True)
    return not listed and card_is_named_near(folded, start, end) and not _is_id_behind(folded, end)


def _is_written_as_a_card(
    folded: str, separator: str, chain: list[Group], first: int, size: int, fours: int, told: bool
) -> bool:
    card = chain[first : first + size]
    start, end = card[0].start, card[-1].end
    groups = [group.digits for group in card]
    if is_list(groups, surely=True) or _is_id_behind(folded, end):
        return False
    if told:
        return True
    if is_list(groups) or (_separates_a_list(separator) and is_named_otherwise(folded, chain[0].start)):
        return False
    if _letters_touch(folded, start) and not card_touches(folded, start):
        return False
    if not _is_loose(separator) and not _is_whole(folded, separator, chain, first, size):
        return False
    return size == 3 or fours <= _FOURS_OF_ONE_CARD or _is_row_of_cards(chain, first, fours)


def _is_whole(folded: str, separator: str, chain: list[Group], first: int, size: int) -> bool:
    """Return whether a number with dashes or dots in it is no piece of a longer id: QB12-4831-9920-1179-3344."""
    rest = chain[first + size :]
    if first and not _is_row_of_cards(chain, first, len(chain)):
        return False
    if len(rest) % 4 and (len(rest) > 2 or any(len(group.digits) > 4 for group in rest)):
        return False
    before = chain[0].start - len(separator)
    joined = before > 0 and folded.startswith(separator, before) and _WORD_CHARACTER.match(folded, before - 1)
    return not joined or card_touches(folded, chain[0].start)


def _is_row_of_cards(chain: list[Group], first: int, fours: int) -> bool:
    """Return whether the four-digit groups around are whole cards, one behind the other."""
    if fours % 4 or first % 4 or fours != len(chain):
        return False
    return is_card(_joined(chain[:4])) and is_card(_joined(chain[-4:]))


def _fours_around(chain: list[Group]) -> list[int]:
    """Return for each group how many groups of four digits are in a row there: a table has many."""
    rows = list(accumulate(chain, lambda row, group: row + 1 if len(group.digits) == 4 else 0, initial=0))[1:]
    for place in range(len(rows) - 2, -1, -1):
        if rows[place] and rows[place + 1]:
            rows[place] = rows[place + 1]
    return rows


def _has_card_shape(groups: Sequence[Group]) -> bool:
    return tuple(len(group.digits) for group in groups) in CARD_SHAPES


def _joined(groups: Sequence[Group]) -> str:
    return "".join(group.digits for group in groups)


def _is_loose(separator: str) -> bool:
    """Return whether numbers that are separated so are words of their own."""
    return not separator or any(char.isspace() or ord(char) > 127 for char in separator)


def _separates_a_list(separator: str) -> bool:
    return any(char in ",;/&|+" for char in separator)


def _letters_touch(folded: str, start: int) -> bool:
    return start > 0 and folded[start - 1].isalpha()


def _touches_an_id(folded: str, start: int) -> bool:
    before = folded[start - 1] if start else " "
    return (before.isalpha() or before in _TOUCHES_AN_ID) and not card_touches(folded, start)


def _is_id_behind(folded: str, end: int) -> bool:
    """Return whether what touches the digits from behind makes an id of them: 4111…a3f, 4111….5, 4111…_x."""
    return bool(_ID_BEHIND.match(folded, end, end + 20))


def _is_hex(folded: str, group: Group) -> bool:
    """Return whether the digits are part of a longer hexadecimal number that has letters."""
    around = folded[max(0, group.start - 1) : group.start] + folded[group.end : group.end + 1]
    return any(char in "abcdef" for char in around)


def _spelled_among_words(folded: str) -> list[Span]:
    """Return the digits of a short message that all together make one card: "4111 then 1111 then 1111 and 1111"."""
    groups = groups_in(folded) if len(folded) <= _NUMBER_AT_MOST else []
    digits = _joined(groups)
    if not SHORTEST <= len(digits) <= LONGEST or not is_taken_card(digits):
        return []
    told = names_card_part(folded)
    if not told and (sum(map(str.isalpha, folded)) > _MOST_LETTERS or not _even([len(one.digits) for one in groups])):
        return []
    listed = [group.digits for group in groups]
    named = is_named_otherwise(folded, groups[0].start) and not names_card(folded)
    if named or is_list(listed, surely=True) or (is_list(listed) and not names_card(folded)):
        return []
    if len(groups) == 1 or any(_letters_touch(folded, one.start) or _is_id_behind(folded, one.end) for one in groups):
        return []
    return [(group.start, group.end) for group in groups]


def _even(sizes: list[int]) -> bool:
    """Return whether the digits come in fours, or in groups of one size: no telephone number, no clock, no date."""
    return all(size % 4 == 0 for size in sizes) or len(set(sizes)) == 1


def _details_near(folded: str, start: int, end: int) -> list[Span]:
    """Return expiry dates near a card number, and a security code right behind it."""
    low, high = max(0, start - _NEAR), min(len(folded), end + _NEAR)
    spans = [match.span(match.lastgroup or 0) for match in _EXPIRY.finditer(folded, low, high)]
    behind = _BEHIND.match(folded, end)
    return [*spans, behind.span("detail")] if behind else spans
