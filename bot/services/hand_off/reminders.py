"""Issues that wait remind their owner: when the date has come, or when the customer has not answered for days."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.topics import DESK
from bot.store.tables import Issue
from bot.triage.issue.issue_status import IssueStatus

ACTOR = "reminder"


async def mark_reminders(ctx: Context) -> None:
    """Mark every issue whose owner should look at it now, in office hours; once until its status changes."""
    now = ctx.clock()
    if not ctx.support.office_hours.state_at(now).open:
        return
    async with ctx.db.read() as session:
        due = list(await session.scalars(select(Issue.id).where(*_due(ctx, now))))
    if not due:
        return
    async with ctx.db.write() as session:
        for issue in await session.scalars(select(Issue).where(Issue.id.in_(due), *_due(ctx, now)).with_for_update()):
            _remind(session, issue, now)
    ctx.wake(DESK)


def _due(ctx: Context, now: datetime) -> tuple[ColumnElement[bool], ...]:
    long_ago = now - timedelta(days=ctx.support.queue.remind_after_days)
    date_has_come = and_(Issue.status == IssueStatus.WAITING_UNTIL, Issue.waiting_until <= now)
    no_answer = and_(Issue.status == IssueStatus.WAITING_CUSTOMER, Issue.updated_at <= long_ago)
    return Issue.reminded_at.is_(None), or_(date_has_come, no_answer)


def _remind(session: AsyncSession, issue: Issue, now: datetime) -> None:
    issue.reminded_at = issue.updated_at = now
    details = {"technician": issue.technician_id, "status": issue.status}
    audit.record(session, ACTOR, "issue.reminder", now, issue=issue, details=details)
