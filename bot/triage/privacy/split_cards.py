"""A card number that is written over several messages of one author (docs/decisions/0032 gives the rule)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain as flattened
from itertools import pairwise

from bot.triage.privacy.card_numbers import LONGEST, SHORTEST, is_taken_card
from bot.triage.privacy.card_words import is_named_otherwise, names_card, names_card_part
from bot.triage.privacy.digit_groups import CARD_SHAPES, Group, chains_in, is_list
from bot.triage.privacy.redaction import Span, masked
from bot.triage.text.plain_text import fold

LONGEST_PIECE = 400  # characters: nobody hides four digits of a card in a longer message
_MOST_FILLING = 12  # letters beside the digits: "1111 1111, ok?"
_MOST_LETTERS = 40
_HALF = 8
_MOST_BETWEEN = 3
_MORE_BEFORE = re.compile(r"[^\W\d]$|[\w][-./:_]$|[+$£€#@\[=]\s?$")
_MORE_AFTER = re.compile(r"[^\W\d]|[./:_-]\w|\s?[%€£$]")
_BARE = re.compile(r"[^\w]*\d[^a-z]*")


@dataclass(frozen=True)
class _Part:
    """Digits of one message that could be a part of a card, in the groups in which they are written."""

    message: int
    groups: tuple[str, ...]
    span: Span
    bare: bool
    ends_message: bool

    @property
    def digits(self) -> str:
        return "".join(self.groups)


def split_card(pieces: Sequence[str], *, told: bool = False) -> list[str] | None:
    """Mask a card number written over several messages, the newest last; None when there is none.

    ``pieces`` are all messages of one author in their order, those without digits too. ``told``: somebody spoke of a
    card in the conversation. The number must end with the newest message, or begin with it (the last half first).
    """
    folded = [fold(piece) if len(piece) <= LONGEST_PIECE else "" for piece in pieces]
    parts = list(flattened.from_iterable(_parts_of(number, text) for number, text in enumerate(folded)))
    newest = len(pieces) - 1
    if not any(part.message == newest for part in parts):
        return None
    for candidate in _candidates(parts):
        messages = {part.message for part in candidate}
        if newest in messages and len(messages) > 1 and _is_one_card(candidate, folded, told):
            spans = [[part.span for part in candidate if part.message == n] for n in range(len(pieces))]
            return [masked(piece, inside, []) for piece, inside in zip(pieces, spans, strict=True)]
    return None


def _parts_of(message: int, folded: str) -> Iterator[_Part]:
    """Return the chains of digits of a message that could be a part of a card: fours, or one run."""
    chains = list(chains_in(folded))
    bare = len(chains) == 1 and sum(map(str.isalpha, folded)) <= _MOST_FILLING
    only = bare and bool(_BARE.fullmatch(folded))
    for _, groups in chains:
        start, end = groups[0].start, groups[-1].end
        if len("".join(group.digits for group in groups)) >= LONGEST or _belongs_to_more(folded, start, end):
            continue
        if not (only or _in_fours(groups)) or (is_named_otherwise(folded, start) and not names_card(folded)):
            continue
        rest = folded[end:]
        yield _Part(message, tuple(one.digits for one in groups), (start, end), bare, not re.search(r"\w", rest))


def _in_fours(groups: Sequence[Group]) -> bool:
    sizes = [len(group.digits) for group in groups]
    return all(size % 4 == 0 for size in sizes) or (len(sizes) == 1 and sizes[0] > 4)


def _belongs_to_more(folded: str, start: int, end: int) -> bool:
    """Return whether letters or signs make the digits a serial number, a version, a time or an amount."""
    before, after = folded[max(0, start - 2) : start], folded[end : end + 2]
    return bool(_MORE_BEFORE.search(before) or _MORE_AFTER.match(after))


def _candidates(parts: list[_Part]) -> Iterator[list[_Part]]:
    """Return the parts that could be one number: all in a row up to the newest, or two with others in between."""
    digits, row = 0, list[_Part]()
    for part in reversed(parts):
        digits += len(part.digits)
        if digits > LONGEST:
            break
        row.insert(0, part)
        if digits >= SHORTEST:
            yield list(row)
    newest = parts[-1]
    for part in reversed(parts[:-1]):
        if SHORTEST <= len(part.digits) + len(newest.digits) <= LONGEST:
            yield [part, newest]
            yield [newest, part]


def _is_one_card(candidate: list[_Part], folded: Sequence[str], told: bool) -> bool:
    groups = [group for part in candidate for group in part.groups]
    if not is_taken_card("".join(groups)) or is_list(groups, surely=True):
        return False
    messages = sorted(part.message for part in candidate)
    said = folded[max(0, messages[0] - _MOST_BETWEEN) : messages[-1] + 1]
    card = told or any(map(names_card, said))
    if not card and is_list(groups):
        return False
    if card or any(names_card_part(folded[number]) for number in messages):
        return True
    in_order = [part.message for part in candidate] == messages
    return _grouped_like_a_card(candidate) and (
        (in_order and _follow_directly(candidate, folded)) or _are_halves(candidate)
    )


def _follow_directly(candidate: list[_Part], folded: Sequence[str]) -> bool:
    """Return whether each part goes on where the one before ended, and but the first is nothing but digits."""
    first, *others = candidate
    letters = sum(map(str.isalpha, folded[first.message]))
    if not all(part.bare for part in others) or not (first.bare or (first.ends_message and letters <= _MOST_LETTERS)):
        return False
    between = (folded[number] for one, other in pairwise(candidate) for number in range(one.message + 1, other.message))
    return not any(char.isdigit() for text in between for char in text)


def _are_halves(candidate: list[_Part]) -> bool:
    """Return whether two messages are nothing but eight digits each, with at most three others in between."""
    one, other = candidate[0], candidate[-1]
    near = abs(one.message - other.message) <= _MOST_BETWEEN + 1
    return len(candidate) == 2 and near and all(part.bare and len(part.digits) == _HALF for part in candidate)


def _grouped_like_a_card(candidate: list[_Part]) -> bool:
    """Return whether the groups are a card's when a message ends between two of them, or in the middle of one."""
    if all(len(part.groups) == 1 for part in candidate):
        return True
    sizes = [len(group) for group in candidate[0].groups]
    closed = list(sizes)
    for part in candidate[1:]:
        lengths = [len(group) for group in part.groups]
        sizes += lengths
        closed[-1] += lengths[0]
        closed += lengths[1:]
    return tuple(sizes) in CARD_SHAPES or tuple(closed) in CARD_SHAPES
