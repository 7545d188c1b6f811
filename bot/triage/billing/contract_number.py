"""Normalise contract numbers for comparison."""

from bot.triage.text.plain_text import canonical, fold


def number_key(number: str) -> str:
    """Return the normal form of a number: case, spaces, dashes and invisible characters do not count.

    A number of nothing but dashes is its own normal form.
    """
    plain = fold(canonical(number))
    return plain.replace("-", "").replace(" ", "") or plain
