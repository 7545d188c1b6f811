"""Normalise a message for the classifier: bounded, one kind of quotes, one spelling of Tech References."""

from bot.engine.turn_request import MAX_TEXT
from bot.triage.reading.tech_reference import find_references

# Phones type curly quotes, the training data straight ones.
_STRAIGHT = str.maketrans(
    {
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    }
)
# The replacement of every Tech Reference: the digits carry no intent.
_ANY_REFERENCE = "TR-000-000-000"


def plain(text: str) -> str:
    """Return the normalised text, for training and prediction, of at most 2,000 characters."""
    text = text[:MAX_TEXT]
    for found in reversed(find_references(text)):
        text = text[: found.start] + _ANY_REFERENCE + text[found.end :]
    return " ".join(text.translate(_STRAIGHT).split())
