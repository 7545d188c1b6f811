"""Read values as outsiders write them: anything may come where a text or a number is wanted."""

from collections.abc import Container
from typing import TypeGuard


def is_one_of(value: object, known: Container[str]) -> TypeGuard[str]:
    """Return whether it is one of these texts; a list or an object, which no set could look up, is none."""
    return isinstance(value, str) and value in known


def whole_number(written: object, most_digits: int) -> int | None:
    """Return the number that a text of so many digits at most means; None for everything else."""
    if isinstance(written, str) and written.isascii() and written.isdigit() and len(written) <= most_digits:
        return int(written)
    return None
