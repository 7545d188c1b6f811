"""Contract numbers as they are compared."""

from bot.triage.text.plain_text import canonical


def number_key(number: str) -> str:
    """Return the form in which two numbers are one: capitals, kinds of spaces and invisible characters do not count."""
    return canonical(number)
