"""Resolve issues that a technician holds, each by itself; with the last one the conversation is closed."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import lifecycle, transcript
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import NotHandedOff
from bot.services.hand_off import ownership, pending_events, transitions
from bot.services.hand_off.open_hand_offs import issues_of, open_hand_offs
from bot.services.issue import issue_links, issue_status
from bot.store.locks import held_locks, lock_conversations
from bot.store.tables import Conversation, Issue, Technician
from bot.store.unit_of_work import Superseded, after_commit, unit_of_work
from bot.triage.hand_off.ownership import Event
from bot.triage.issue.issue_status import IssueStatus


async def resolve_within(
    session: AsyncSession,
    ctx: Context,
    conversation_id: str,
    technician: Technician,
    references: Collection[str] | None = None,
) -> None:
    """Resolve issues that the technician holds in the conversation: these, or all of them. Takes the first locks.

    With the last one the conversation is closed, and writing again reopens it; as long as another is held it stays the
    technician's. Raises Conflict (``not_handed_off``) when none of them is held.
    """
    now = ctx.clock()
    # Looked up before the locks: all conversations are locked in one call.
    duplicates = await issue_links.conversations_of_duplicates(session, conversation_id)
    await lock_conversations(session, [conversation_id, *duplicates])
    conversation = await transitions.owned_by(session, conversation_id, technician)
    await pending_events.settle_pending_events(session, ctx, conversation)
    held = await open_hand_offs(session, conversation)
    issues = [one for one in await issues_of(session, held) if references is None or one.reference in references]
    if not issues:
        raise NotHandedOff("You hold no such issue in this conversation; nothing was changed.")
    left = [one for one in held if one.issue_id not in {issue.id for issue in issues}]
    if left:
        await transitions.end_hand_offs(session, [one for one in held if one not in left], "done", now)
        conversation.issue_id = left[0].issue_id
    else:
        await _close(session, conversation, technician, now)
    told = [conversation]
    for issue in issues:
        told += await _resolve_issue(session, ctx, conversation, issue, technician, now)
    for other in told:
        after_commit(session, transitions.wake_conversation, ctx, other)


resolve = unit_of_work()(resolve_within)


async def _close(session: AsyncSession, conversation: Conversation, technician: Technician, now: datetime) -> None:
    actor = audit.technician_actor(technician)
    await ownership.change_owner(session, conversation, Event.RESOLVE, actor=actor, reason="resolved", now=now)
    await transitions.end_open(session, conversation, "done", now)
    conversation.outcome = "solved"


async def _resolve_issue(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    issue: Issue,
    technician: Technician,
    now: datetime,
) -> list[Conversation]:
    """Resolve one issue, and tell its customer; return the conversations of its duplicates, which are told too."""
    actor = audit.technician_actor(technician)
    issue_status.change_status(session, issue, IssueStatus.RESOLVED, actor=actor, now=now)
    text = ctx.support_for(conversation).wording.resolved.format(technician=technician.name, reference=issue.reference)
    await transcript.say(
        session, conversation, now, text, author_name=ctx.office_for(conversation).company, reference=issue.reference
    )
    return await _resolve_duplicates(session, ctx, issue, technician, now)


async def _resolve_duplicates(
    session: AsyncSession, ctx: Context, issue: Issue, technician: Technician, now: datetime
) -> list[Conversation]:
    """Resolve the duplicates too and notify each customer under their own reference.

    Raises Superseded when one was linked after their conversations were locked.
    """
    told = []
    for duplicate in await issue_links.duplicates_of(session, issue):
        if duplicate.conversation_id not in held_locks(session).of(Conversation):
            raise Superseded
        actor = audit.technician_actor(technician)
        if not issue_status.change_status(session, duplicate, IssueStatus.RESOLVED, actor=actor, now=now):
            continue
        conversation = await lifecycle.load(session, duplicate.conversation_id, lock=True, erased=True)
        text = ctx.support_for(conversation).wording.resolved.format(
            technician=technician.name, reference=duplicate.reference
        )
        company, reference = ctx.office_for(duplicate).company, duplicate.reference
        await transcript.say(session, conversation, now, text, author_name=company, reference=reference)
        told.append(conversation)
    return told
