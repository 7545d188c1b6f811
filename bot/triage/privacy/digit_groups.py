"""Digits in the groups in which they are written, and whether a payment card's number is written so."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_DIGITS = re.compile(r"\d+")
_LONGEST_GAP = 4
_SPACES = re.compile(r"\s{1,2}")

# How the numbers of payment cards are printed and typed; the last group may be short.
CARD_SHAPES = frozenset(
    {
        (4, 4, 4, 4),
        (4, 4, 4, 1),
        (4, 4, 4, 3),
        (4, 4, 4, 2),
        (4, 4, 4, 4, 3),
        (4, 4, 4, 4, 2),
        (4, 4, 4, 4, 1),
        (4, 6, 5),
        (4, 6, 4),
    }
)
_LIST_SPAN, _SURELY_A_LIST = 1000, 100


@dataclass(frozen=True)
class Group:
    """A run of digits in a folded text."""

    digits: str
    start: int
    end: int


def groups_in(folded: str) -> list[Group]:
    """Return every run of digits, in order."""
    return [Group(match[0], *match.span()) for match in _DIGITS.finditer(folded)]


def gap(folded: str, left: Group, right: Group) -> str | None:
    """Return what separates two groups, white space made one kind; None when they do not belong together.

    A column of a table is set off by three spaces and more.
    """
    between = folded[left.end : right.start]
    if not between or len(between) > _LONGEST_GAP or any(char.isalpha() for char in between):
        return None
    plain = _SPACES.sub(" ", between)
    return plain if "  " not in plain else None


def chains_in(folded: str) -> Iterator[tuple[str, list[Group]]]:
    """Return the groups that one and the same separator joins, with the separator: ``4111-1111-1111-1111``."""
    chain: list[Group] = []
    separator = ""
    for group in groups_in(folded):
        found = gap(folded, chain[-1], group) if chain else None
        if chain and found is not None and (found == separator or len(chain) == 1):
            separator = found
        elif chain:
            yield (separator if len(chain) > 1 else ""), chain
            # The group before may begin the next chain as well: "2041, 4111 1111 1111 1111".
            chain = [chain[-1]] if found is not None else []
            separator = found or ""
        chain.append(group)
    if chain:
        yield (separator if len(chain) > 1 else ""), chain


def is_list(groups: Sequence[str], *, surely: bool = False) -> bool:
    """Return whether the groups are a list of four-digit numbers such as invoices 4003, 4004, 4009 and 4120.

    All differ, and all lie within a thousand; within a hundred it is ``surely`` one. One card number in 3,000
    lies within a thousand.
    """
    if len(groups) < 2 or any(len(group) != 4 for group in groups) or len(set(groups)) < len(groups):
        return False
    numbers = [int(group) for group in groups]
    return max(numbers) - min(numbers) < (_SURELY_A_LIST if surely else _LIST_SPAN)
