"""The status of an issue, set by a technician; and an issue taken up again that nobody is working on."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import AlreadyTaken, ChangedMeanwhile, Invalid, NotOwner, WrongStatus
from bot.services.desk.labels import STATUSES, TAKEN_UP, word_for
from bot.services.desk.reply_promise import moment_to_come
from bot.services.hand_off import ownership, resolve_issues, transitions
from bot.services.hand_off.open_hand_offs import open_hand_offs
from bot.services.issue import issue_links, issue_status
from bot.services.technician import access
from bot.store.locks import lock_conversations
from bot.store.tables import Conversation, HandOff, Issue, Technician
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.hand_off.ownership import Event, Owner
from bot.triage.issue.issue_status import IssueStatus

SETTABLE = tuple(str(status) for status in IssueStatus if status != IssueStatus.NEW)


async def set_status(
    ctx: Context, technician: Technician, reference: str, wanted: object, until: object, seen: object = None
) -> None:
    """Set the status; who sets it owns the issue if nobody does. ``until`` goes with ``waiting_until`` alone.

    Resolving a conversation that one has closes it too; one that another has, or that waits, must be claimed first.
    ``seen`` is the status it was decided on. Raises Invalid, NotFound or Conflict (``changed`` when the status is
    another by now).
    """
    if not isinstance(wanted, str) or wanted not in SETTABLE:
        raise Invalid(f"status must be one of {', '.join(SETTABLE)}; nothing was changed.")
    status, now = IssueStatus(wanted), ctx.clock()
    moment = moment_to_come(until, now) if status == IssueStatus.WAITING_UNTIL else None
    async with ctx.db.read() as session:
        issue, conversation = await access.readable_issue(session, ctx, technician, reference)
        held = {one.issue_id for one in await open_hand_offs(session, conversation)}
    _check_seen(issue, seen)
    if status == IssueStatus.RESOLVED and conversation.technician_id == technician.id and issue.id in held:
        await resolve_issues.resolve(ctx, conversation.id, technician, [issue.reference])
        return
    await _change(ctx, technician, reference, status, moment, seen)


async def check_resolvable(
    session: AsyncSession, conversation: Conversation, issue: Issue, technician: Technician, seen: object
) -> None:
    """Raise Conflict when the issue cannot be resolved by this technician now (``changed``, ``not_owner``, …)."""
    _check_seen(issue, seen)
    _check_nobody_else_works_on_it(conversation, technician, IssueStatus.RESOLVED)
    if issue.status == IssueStatus.RESOLVED:
        raise WrongStatus("It is resolved already; nothing was changed.")


async def resolve_within(session: AsyncSession, ctx: Context, technician: Technician, reference: str) -> None:
    """Resolve an issue, with its conversation where that is the technician's. Takes the first locks."""
    conversation_id = await access.conversation_of(session, reference)
    duplicates = await issue_links.conversations_of_duplicates(session, conversation_id)
    await lock_conversations(session, [conversation_id, *duplicates])
    issue, conversation = await access.readable_issue(session, ctx, technician, reference, lock=True)
    held = {one.issue_id for one in await open_hand_offs(session, conversation)}
    if conversation.technician_id == technician.id and issue.id in held:
        await resolve_issues.resolve_within(session, ctx, conversation.id, technician, [issue.reference])
    else:
        await change_within(session, ctx, technician, reference, IssueStatus.RESOLVED, None, None)


async def change_within(
    session: AsyncSession,
    ctx: Context,
    technician: Technician,
    reference: str,
    status: IssueStatus,
    until: datetime | None,
    seen: object,
) -> None:
    """Set the status of an issue that no colleague works on."""
    now, actor = ctx.clock(), audit.technician_actor(technician)
    issue, conversation = await access.readable_issue(session, ctx, technician, reference, lock=True)
    _check_seen(issue, seen)
    _check_nobody_else_works_on_it(conversation, technician, status)
    issue.technician_id = issue.technician_id or technician.id
    issue_status.change_status(session, issue, status, actor=actor, now=now, until=until)
    conversation.updated_at = now
    after_commit(session, transitions.wake_conversation, ctx, conversation)


_change = unit_of_work()(change_within)


def _check_seen(issue: Issue, seen: object) -> None:
    if seen is not None and seen != issue.status:
        now = word_for(STATUSES, issue.status)
        raise ChangedMeanwhile(
            f"The status was changed meanwhile: {now}. Nothing was set; set it again if it still fits."
        )


def _check_nobody_else_works_on_it(conversation: Conversation, technician: Technician, status: IssueStatus) -> None:
    mine = conversation.technician_id == technician.id
    if status == IssueStatus.RESOLVED and conversation.owner in (Owner.QUEUE, Owner.TECHNICIAN) and not mine:
        raise NotOwner("Claim the conversation to resolve it; nothing was changed.")


@unit_of_work()
async def reopen(session: AsyncSession, ctx: Context, technician: Technician, reference: str) -> str:
    """Take an issue that nobody is working on: the conversation is the technician's, and open again if it was closed.

    Returns the conversation's id. Raises NotFound, or Conflict (``taken``) when somebody has it or it waits in the
    queue, where it is claimed.
    """
    now = ctx.clock()
    issue, conversation = await access.readable_issue(session, ctx, technician, reference, lock=True)
    conversation.issue_id = issue.id
    waiting = await _into_the_queue(session, ctx, conversation, issue, technician, now)
    await transitions.give_to(session, ctx, conversation, waiting, technician)
    after_commit(session, transitions.wake_conversation, ctx, conversation)
    return conversation.id


async def _into_the_queue(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    issue: Issue,
    technician: Technician,
    now: datetime,
) -> HandOff:
    if conversation.owner not in (Owner.ASSISTANT, Owner.CLOSED):
        raise AlreadyTaken("Somebody has this conversation, or it waits in the queue: claim it there.")
    actor = audit.technician_actor(technician)
    if conversation.owner == Owner.CLOSED:
        # Out of closed leads one way only; whose doing it was stands in the audit.
        await ownership.change_owner(
            session, conversation, Event.CUSTOMER_WRITES, actor=actor, reason=TAKEN_UP, now=now
        )
    await ownership.change_owner(session, conversation, Event.HAND_OFF, actor=actor, reason=TAKEN_UP, now=now)
    return await transitions.join_queue(
        session, ctx, conversation, issue, TAKEN_UP, now, for_technician_id=technician.id
    )
