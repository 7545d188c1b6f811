"""Assign an issue to a colleague or a team, wherever it is: it waits, is with oneself, or nobody works on it now."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import NotOwner, WrongStatus
from bot.services.hand_off import transitions
from bot.services.queue.queue_order import WAITING
from bot.services.technician import access
from bot.store.tables import Conversation, HandOff, Issue, Technician
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.hand_off.ownership import Owner
from bot.triage.issue.issue_status import IssueStatus


@unit_of_work()
async def assign_issue(
    session: AsyncSession,
    ctx: Context,
    technician: Technician,
    reference: str,
    *,
    team: str | None = None,
    to_technician_id: int | None = None,
) -> None:
    """Give an issue to a team or a colleague; exactly one is named.

    One that waits keeps its place and is marked for them, a conversation of the technician's is transferred, and an
    issue that nobody works on is theirs, or the team's. Raises UnknownTarget, NotFound, or Conflict
    (``not_owner`` when a colleague has the conversation, ``wrong_status`` when it is resolved).
    """
    issue, conversation = await access.readable_issue(session, ctx, technician, reference, lock=True)
    await transitions.target_name(session, ctx, team, to_technician_id)
    if issue.status == IssueStatus.RESOLVED:
        raise WrongStatus("It is resolved: reopen it first. Nothing was changed.")
    if conversation.owner == Owner.TECHNICIAN:
        await _transfer(session, ctx, conversation, technician, team, to_technician_id)
    else:
        await _reassign(session, issue, team, to_technician_id, ctx.clock())
    conversation.updated_at = ctx.clock()
    details = {"team": team, "technician": to_technician_id}
    actor = audit.technician_actor(technician)
    audit.record(session, actor, "issue.assign", ctx.clock(), issue=issue, details=details)
    after_commit(session, transitions.wake_conversation, ctx, conversation)


async def _transfer(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    technician: Technician,
    team: str | None,
    to_technician_id: int | None,
) -> None:
    if conversation.technician_id != technician.id:
        raise NotOwner("A colleague has this conversation; nothing was changed. Ask them to transfer it.")
    await transitions.requeue(session, ctx, conversation, technician, team=team, to_technician_id=to_technician_id)


async def _reassign(
    session: AsyncSession, issue: Issue, team: str | None, to_technician_id: int | None, now: datetime
) -> None:
    waiting = await session.scalar(select(HandOff).where(HandOff.issue_id == issue.id, HandOff.state == WAITING))
    issue.team, issue.updated_at = team or issue.team, now
    if waiting is None:
        issue.technician_id = to_technician_id
        return
    waiting.team, waiting.for_technician_id, waiting.updated_at = team or waiting.team, to_technician_id, now
