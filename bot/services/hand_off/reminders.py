"""Issues that wait remind their owner: when the date has come, or when the customer has not answered for days."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.topics import DESK
from bot.store.locks import lock_conversation
from bot.store.tables import Issue
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.issue.issue_status import IssueStatus

ACTOR = "reminder"


async def mark_reminders(ctx: Context) -> None:
    """Mark every issue whose owner should look at it now, in office hours; once until its status changes."""
    now = ctx.clock()
    if not ctx.support.office_hours.state_at(now).open:
        return
    async with ctx.db.read() as session:
        due = [
            (row[0], row[1])
            for row in await session.execute(select(Issue.id, Issue.conversation_id).where(*_due(ctx, now)))
        ]
    for issue_id, conversation_id in due:
        await _remind(ctx, issue_id, conversation_id, now)


def _due(ctx: Context, now: datetime) -> tuple[ColumnElement[bool], ...]:
    long_ago = now - timedelta(days=ctx.support.queue.remind_after_days)
    date_has_come = and_(Issue.status == IssueStatus.WAITING_UNTIL, Issue.waiting_until <= now)
    no_answer = and_(Issue.status == IssueStatus.WAITING_CUSTOMER, Issue.updated_at <= long_ago)
    return Issue.reminded_at.is_(None), or_(date_has_come, no_answer)


@unit_of_work()
async def _remind(session: AsyncSession, ctx: Context, issue_id: int, conversation_id: str, now: datetime) -> None:
    """Mark one issue, unless something was done with it since it was looked up."""
    await lock_conversation(session, conversation_id)
    issue = await session.scalar(select(Issue).where(Issue.id == issue_id, *_due(ctx, now)))
    if issue is None:
        return
    issue.reminded_at = issue.updated_at = now
    details = {"technician": issue.technician_id, "status": issue.status}
    audit.record(session, ACTOR, "issue.reminder", now, issue=issue, details=details)
    after_commit(session, ctx.wake, DESK)
