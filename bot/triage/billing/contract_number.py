"""Normalise contract numbers for comparison."""

from bot.triage.text.plain_text import canonical


def number_key(number: str) -> str:
    """Return the normal form of a number: case, kinds of spaces and invisible characters do not count."""
    return canonical(number)
