"""Undo a link of two issues: what was taken for the same matter is worked on by itself again."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import lifecycle, transcript
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import NotLinked
from bot.services.hand_off import ownership, transitions
from bot.services.issue.issue_links import DUPLICATE
from bot.services.queue import queue_order
from bot.services.technician import access
from bot.store.locks import lock_conversations
from bot.store.tables import Conversation, HandOff, Issue, IssueLink, Technician
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.hand_off.ownership import Event, Owner
from bot.triage.issue.issue_status import IssueStatus


@unit_of_work()
async def unlink_issues(
    session: AsyncSession, ctx: Context, technician: Technician, reference: str, other: str
) -> None:
    """Remove the link of two issues, whichever of them is named first.

    A duplicate that the link took out of the queue is back in its old place, and its customer is told. One that was
    resolved stays so. Raises Invalid, NotFound, or NotLinked.
    """
    now = ctx.clock()
    await lock_conversations(session, [await access.conversation_of(session, one) for one in (reference, other)])
    link, issue, kept = await _linked(session, ctx, technician, reference, other)
    conversation = await lifecycle.load(session, issue.conversation_id, lock=True, erased=True)
    await session.delete(link)
    if link.kind == DUPLICATE and issue.status != IssueStatus.RESOLVED:
        await _separate(session, ctx, issue, conversation, link, technician)
    issue.updated_at = kept.updated_at = conversation.updated_at = now
    details = {"kind": link.kind, "to": kept.id}
    audit.record(session, audit.technician_actor(technician), "issue.unlink", now, issue=issue, details=details)
    after_commit(session, transitions.wake_conversation, ctx, conversation)
    after_commit(session, ctx.wake, kept.conversation_id)


async def _linked(
    session: AsyncSession, ctx: Context, technician: Technician, reference: str, other: str
) -> tuple[IssueLink, Issue, Issue]:
    """Return the link, the issue it is of, and the one that it leads to."""
    one, _ = await access.readable_issue(session, ctx, technician, reference)
    two, _ = await access.readable_issue(session, ctx, technician, other)
    pair = (one.id, two.id)
    link = await session.scalar(select(IssueLink).where(IssueLink.issue_id.in_(pair), IssueLink.other_id.in_(pair)))
    if link is None:
        raise NotLinked("These two are not linked; nothing was changed. Load the page again.")
    return (link, one, two) if link.issue_id == one.id else (link, two, one)


async def _separate(
    session: AsyncSession,
    ctx: Context,
    issue: Issue,
    conversation: Conversation,
    link: IssueLink,
    technician: Technician,
) -> None:
    now = ctx.clock()
    text = ctx.support_for(conversation).wording.unmerged.format(reference=issue.reference)
    await transcript.say(
        session, conversation, now, text, author_name=ctx.office_for(conversation).company, reference=issue.reference
    )
    left = await _left_queue_by(session, issue, link)
    alone = conversation.owner == Owner.ASSISTANT and conversation.issue_id == issue.id
    mine = conversation.owner == Owner.TECHNICIAN and conversation.technician_id == technician.id
    if left is None or not (alone or mine or conversation.owner == Owner.QUEUE):
        return
    if alone:
        actor = audit.technician_actor(technician)
        await ownership.change_owner(session, conversation, Event.HAND_OFF, actor=actor, reason="unlinked", now=now)
    issue.technician_id = None
    joined = await transitions.join_queue(
        session,
        ctx,
        conversation,
        issue,
        left.reason,
        now,
        team=left.team,
        for_technician_id=left.for_technician_id,
        note=left.note,
        line_since=queue_order.in_line_since(left),
    )
    if mine:
        await transitions.hold(session, ctx, conversation, [joined], technician, now)
        return
    await transitions.post_queue_place(session, ctx, conversation, now)


async def _left_queue_by(session: AsyncSession, issue: Issue, link: IssueLink) -> HandOff | None:
    """Return the hand-off that the link ended; None when it waited for nobody, or something came after it."""
    newest = select(HandOff).where(HandOff.issue_id == issue.id).order_by(HandOff.id.desc()).limit(1)
    last = await session.scalar(newest)
    ended = last is not None and last.state == "cancelled" and last.ended_at is not None
    return last if ended and last is not None and last.ended_at >= link.created_at else None  # type: ignore[operator]
