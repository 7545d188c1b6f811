"""The sentences of events without words that a technician's claim overtook: told all the same, by the system."""

from typing import Any

from bot.dialogue.context import GIVEN_BACK, KNOWN_PROBLEM_OVER, REFERENCE_UNTOLD
from bot.settings.support.support import Support
from bot.store.tables import Issue


def unprompted_words(support: Support, event: dict[str, Any], issue: Issue | None) -> str:
    """Return what the assistant would have begun with; raises ValueError for an unknown kind."""
    wording, kind = support.wording, event["kind"]
    if kind == GIVEN_BACK:
        return f"{wording.returned.format(technician=event['technician'])}\n{event['note']}".strip()
    if kind == KNOWN_PROBLEM_OVER:
        reference = issue.reference if issue else ""
        return wording.known_problem_over.format(reference=reference, title=event["title"], text=event["text"])
    if kind == REFERENCE_UNTOLD:
        return wording.reference_given.format(reference=event["reference"])
    raise ValueError(f"no such kind of event: {kind}")
