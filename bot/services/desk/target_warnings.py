"""Warnings of targets in the list beside the work."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.store.tables import Issue, Message
from bot.triage.hours.targets import Goal, Progress, TargetWarning, warning_of
from bot.triage.text.time_format import format_span

WORDS = {Goal.FIRST_ANSWER: "First answer", Goal.SOLUTION: "Solution"}


async def target_marks(
    session: AsyncSession, ctx: Context, references: Collection[str], now: datetime
) -> dict[str, tuple[str, str]]:
    """Return a mark (tone, words) by reference for each issue whose target is near or missed. One query, or none while
    there are no targets.
    """
    if not ctx.support.has_targets:
        return {}
    answer = and_(
        Message.conversation_id == Issue.conversation_id,
        Message.author == "technician",
        Message.created_at >= Issue.created_at,
    )
    query = (
        select(
            Issue.reference,
            Issue.entitlement,
            Issue.created_at,
            Issue.resolved_at,
            func.min(Message.created_at).label("answered_at"),
        )
        .outerjoin(Message, answer)
        .where(Issue.reference.in_(references))
        .group_by(Issue.id, Issue.reference, Issue.entitlement, Issue.created_at, Issue.resolved_at)
    )
    marks = {}
    for row in await session.execute(query):
        progress = Progress(row.created_at, row.answered_at, row.resolved_at)
        found = warning_of(ctx.support.office_hours, ctx.support.targets_of(row.entitlement), progress, now)
        if found is not None:
            marks[row.reference] = ("grave" if found.missed else "near", _words(found))
    return marks


def _words(warning: TargetWarning) -> str:
    span = format_span(abs(warning.left.total_seconds()))
    return f"{WORDS[warning.goal]} {span} late" if warning.missed else f"{WORDS[warning.goal]} due in {span}"
