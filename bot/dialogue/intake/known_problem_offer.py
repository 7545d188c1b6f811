"""Find the published known problem that a customer's words fit."""

from collections.abc import Sequence

from bot.dialogue.context import KnownProblemState
from bot.dialogue.draft import ANSWERED, Draft
from bot.dialogue.working_draft import WorkingDraft
from bot.triage.reading.similarity import alike
from bot.triage.text.plain_text import fold

VERSION = "product_version"


def offered_problem(draft: WorkingDraft, known_problems: Sequence[KnownProblemState]) -> KnownProblemState | None:
    """Return the known problem that a draft's words may be about, once for each draft; it is marked as offered.

    ``known_problems`` are those in force. A draft that names a problem's title ("that's mine" in the chat's banner) is
    linked to it at once.
    """
    if draft.intake.known_problem_offered is not None or not draft.problem:
        return None
    words = fold(draft.problem)
    named = next((one for one in known_problems if fold(one.title) in words), None)
    fitting = named or next((one for one in known_problems if _fits(draft, one)), None)
    if fitting is None:
        return None
    draft.intake.known_problem_offered = fitting.id
    if named is not None:
        draft.link_known_problem(named.id)
    return fitting


def _fits(draft: Draft, problem: KnownProblemState) -> bool:
    if problem.category and draft.intake.category and problem.category != draft.intake.category:
        return False
    version = draft.answers.get(VERSION)
    if problem.versions and version is not None and version.status == ANSWERED:
        told = fold(version.value)
        if not any(fold(one) in told for one in problem.versions):
            return False
    return alike(draft.problem, f"{problem.title} {problem.text}") or alike(draft.problem, problem.title)
