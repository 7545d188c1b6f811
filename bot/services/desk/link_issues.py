"""Issues that belong together: related ones, and duplicates, whose both references keep working."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.services.conversation import transcript
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import AlreadyLinked, AlreadyMerged, Invalid, NotOwner
from bot.services.core.input_values import is_one_of
from bot.services.desk.labels import STATUSES, word_for
from bot.services.hand_off import transitions
from bot.services.hand_off.open_hand_offs import open_hand_offs
from bot.services.issue.issue_links import DUPLICATE
from bot.services.technician import access
from bot.store.locks import lock_conversations
from bot.store.tables import Conversation, Issue, IssueLink, Technician
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.hand_off.ownership import Owner

RELATED = "related"
KINDS = (RELATED, DUPLICATE)


@unit_of_work()
async def link_issues(
    session: AsyncSession, ctx: Context, technician: Technician, reference: str, other: str, kind: object
) -> None:
    """Link two issues. A ``duplicate`` is the same matter as ``other``: it leaves the queue, its customer is told, and
    it is resolved together with ``other``.

    Raises Invalid, NotFound, or Conflict (``linked``, ``merged``, ``not_owner``).
    """
    if not is_one_of(kind, KINDS):
        raise Invalid(f"kind must be one of {', '.join(KINDS)}; nothing was linked.")
    now = ctx.clock()
    both = [await access.conversation_of(session, one) for one in (reference, other)]
    await lock_conversations(session, both)
    issue, conversation = await access.readable_issue(session, ctx, technician, reference, lock=True)
    kept, _ = await access.readable_issue(session, ctx, technician, other)
    await _check(session, issue, kept, str(kind))
    session.add(IssueLink(issue_id=issue.id, other_id=kept.id, kind=kind, technician_id=technician.id, created_at=now))
    if kind == DUPLICATE:
        await _merge(session, ctx, issue, kept, conversation, technician)
    issue.updated_at = kept.updated_at = conversation.updated_at = now
    details = {"kind": kind, "to": kept.id}
    audit.record(session, audit.technician_actor(technician), "issue.link", now, issue=issue, details=details)
    after_commit(session, transitions.wake_conversation, ctx, conversation)
    after_commit(session, ctx.wake, kept.conversation_id)


async def _check(session: AsyncSession, issue: Issue, kept: Issue, kind: str) -> None:
    if issue.id == kept.id:
        raise AlreadyLinked("An issue cannot be linked to itself; nothing was changed.")
    pair = (issue.id, kept.id)
    same = select(IssueLink.id).where(IssueLink.issue_id.in_(pair), IssueLink.other_id.in_(pair))
    if await session.scalar(same) is not None:
        raise AlreadyLinked("These two are linked already; nothing was changed.")
    # Chains of duplicates would have no end that anybody can find.
    merged = select(IssueLink.id).where(
        IssueLink.kind == DUPLICATE,
        or_(IssueLink.issue_id.in_(pair), IssueLink.other_id == issue.id),
    )
    if kind == DUPLICATE and await session.scalar(merged.limit(1)) is not None:
        raise AlreadyMerged("One of these is a duplicate already, or has one; nothing was changed.")


async def _merge(
    session: AsyncSession,
    ctx: Context,
    issue: Issue,
    kept: Issue,
    conversation: Conversation,
    technician: Technician,
) -> None:
    now = ctx.clock()
    if conversation.owner == Owner.TECHNICIAN and conversation.technician_id != technician.id:
        raise NotOwner("A colleague has this conversation: ask them to link it. Nothing was changed.")
    actor = audit.technician_actor(technician)
    await transitions.cancel_hand_off(session, ctx, conversation, reason=DUPLICATE, actor=actor, issue_ids=[issue.id])
    if conversation.owner == Owner.TECHNICIAN and kept.conversation_id == conversation.id:
        await _hold_as_one(session, conversation, issue, kept, now)
    issue.technician_id = kept.technician_id or technician.id
    text = ctx.support_for(conversation).wording.merged.format(reference=issue.reference)
    await transcript.say(
        session, conversation, now, text, author_name=ctx.office_for(conversation).company, reference=issue.reference
    )


async def _hold_as_one(
    session: AsyncSession, conversation: Conversation, issue: Issue, kept: Issue, now: datetime
) -> None:
    """End the hand-off of an issue that is held beside the one it is the same matter as, in one conversation."""
    held = await open_hand_offs(session, conversation)
    if not any(one.issue_id == kept.id for one in held):
        return
    await transitions.end_hand_offs(session, [one for one in held if one.issue_id == issue.id], "cancelled", now)
    conversation.issue_id = kept.id


async def linked_issues(session: AsyncSession, issue: Issue) -> list[dict[str, Any]]:
    """Return every linked issue, with what it is to this one: ``related``, ``duplicate of this``, ``this is a
    duplicate``.
    """
    one, other = aliased(Issue), aliased(Issue)
    query = (
        select(IssueLink, one, other)
        .join(one, one.id == IssueLink.issue_id)
        .join(other, other.id == IssueLink.other_id)
        .where(or_(IssueLink.issue_id == issue.id, IssueLink.other_id == issue.id))
        .order_by(IssueLink.id)
    )
    return [_shown(found, first, second, issue) for found, first, second in await session.execute(query)]


def _shown(found: IssueLink, first: Issue, second: Issue, issue: Issue) -> dict[str, Any]:
    linked = second if first.id == issue.id else first
    words = {RELATED: "Related", DUPLICATE: "Same matter as" if first.id == issue.id else "Has the duplicate"}
    return {
        "kind": found.kind,
        "words": words[found.kind],
        "reference": linked.reference,
        "title": linked.title,
        "status_text": word_for(STATUSES, linked.status),
    }
