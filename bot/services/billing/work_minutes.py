"""Minutes that technicians work on an issue; time that was paid ahead is drawn down by them."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.billing import entitlement
from bot.services.billing.payments import locked_issue
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import Invalid
from bot.store.tables import Issue, Technician, WorkMinutes
from bot.store.unit_of_work import after_commit, unit_of_work

CALL, WORK = "call", "work"
MOST = 600


async def add_minutes(
    session: AsyncSession, ctx: Context, issue: Issue, technician: Technician, minutes: int, kind: str
) -> None:
    """Add minutes in this transaction, and judge anew who pays."""
    row = {"issue_id": issue.id, "technician_id": technician.id, "minutes": minutes, "kind": kind, "at": ctx.clock()}
    session.add(WorkMinutes(**row))
    await session.flush()
    await entitlement.refresh_entitlements(session, ctx, issue.customer_id)


@unit_of_work()
async def record_minutes(
    session: AsyncSession, ctx: Context, technician: Technician, reference: str, minutes: object
) -> dict[str, Any]:
    """Keep minutes that a technician worked on the issue; what that leaves. Raises NotFound, Invalid."""
    if isinstance(minutes, bool) or not isinstance(minutes, int) or not 0 < minutes <= MOST:
        raise Invalid(f"minutes must be a whole number from 1 to {MOST}; nothing was kept.")
    _, issue = await locked_issue(session, Issue.reference == reference)
    await add_minutes(session, ctx, issue, technician, minutes, WORK)
    actor, details = audit.technician_actor(technician), {"minutes": minutes}
    audit.record(session, actor, "work.minutes", ctx.clock(), issue_id=issue.id, details=details)
    after_commit(session, ctx.wake, issue.conversation_id)
    return await minutes_of_issue(session, ctx, issue)


async def minutes_of_issue(session: AsyncSession, ctx: Context, issue: Issue) -> dict[str, Any]:
    """Return the minutes worked on the issue, and what its customer has left of what was paid ahead."""
    worked = select(func.coalesce(func.sum(WorkMinutes.minutes), 0)).where(WorkMinutes.issue_id == issue.id)
    return {
        "worked_minutes": int(await session.scalar(worked) or 0),
        "minutes_left": await entitlement.time_left(session, ctx, issue.customer_id),
    }
