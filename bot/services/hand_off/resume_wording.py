"""The unprompted sentences of a resumed conversation, for turns without the dialogue engine."""

from typing import Any

from bot.services.core.context import Context
from bot.store.tables import Issue

GIVEN_BACK, KNOWN_PROBLEM_OVER = "give_back", "known_problem_over"


def resume_words(ctx: Context, resume: dict[str, Any] | None, issue: Issue | None) -> str | None:
    """Return the technician's note, or that a known problem is over; None where an episode begins without a word."""
    kind = resume["kind"] if resume else None
    if resume is None or kind not in (GIVEN_BACK, KNOWN_PROBLEM_OVER):
        return None
    wording = ctx.support.wording
    if kind == GIVEN_BACK:
        return f"{wording.returned.format(technician=resume['technician'])}\n{resume['note']}".strip()
    reference = issue.reference if issue else ""
    return wording.known_problem_over.format(reference=reference, title=resume["title"], text=resume["text"])
