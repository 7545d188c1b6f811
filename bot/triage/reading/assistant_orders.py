"""Recognise orders to the assistant itself: to forget its rules, to show its prompt, to play somebody else."""

import re

from bot.triage.text.plain_text import fold

_RULES = r"(?:instructions?|rules|prompts?|guidelines|programming|training|restrictions|directives|safeguards)"
_ORDER = re.compile(
    rf"\b(?:ignore|disregard|forget|override|bypass|reveal|show|print|repeat|output|tell)\b[^.?!\n]{{0,40}}"
    rf"\b(?:previous|prior|above|earlier|initial|original|hidden|internal|system|your) (?:\w+ )?{_RULES}\b|"
    r"\b(?:system|hidden|initial) prompt\b|\b(?:developer|debug|admin|god|jailbreak) mode\b|"
    r"^\W{0,4}(?:(?:please|now|from now on) ?,? ?)?(?:pretend (?:to be|you)|act as (?:if|an?)\b|you are now\b|"
    r"role-?play\b|imagine (?:you are|being)\b|simulate\b|answer as (?:if|an?)\b)"
)


def orders_the_assistant(text: str) -> bool:
    """Return whether the text orders the assistant to leave its task."""
    return bool(_ORDER.search(fold(text)))
