"""The distance of two words in edits, where two letters that changed places are one."""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

from whoosh.support.levenshtein import damerau_levenshtein


def within_distance(word: str, other: str, most: int) -> int | None:
    """Return how many letters were added, left out, replaced or exchanged; None for more than ``most``."""
    distance: int = damerau_levenshtein(word, other, most)
    return distance if distance <= most else None
