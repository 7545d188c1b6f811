"""Actions that a technician can undo for five seconds: kept as asked, and done when their time has come.

Nothing of a delayed action is stored where a reader could find it, so chat, outbox, notices and webhooks need to know
nothing of it. It is kept in the database: a reload or a restart of the gateway neither loses nor repeats it.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any, TypedDict

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.channel import receive
from bot.services.core import audit
from bot.services.core.channel_names import EMAIL
from bot.services.core.context import Context
from bot.services.core.errors import AlreadyDelayed, NotFound, NotHandedOff, ServiceError, TooLate
from bot.services.core.topics import DESK
from bot.services.desk import status_change, technician_messages
from bot.services.hand_off import resolve_issues, transitions
from bot.services.hand_off.open_hand_offs import issues_of, open_hand_offs
from bot.services.issue import known_problems
from bot.services.technician import access
from bot.store.locks import lock_conversation, lock_row
from bot.store.tables import Conversation, DelayedAction, Issue, Message, Note, Technician
from bot.store.unit_of_work import Superseded, after_commit, unit_of_work

DELAY = timedelta(seconds=5)
# How long a technician is told of an action that could not be done.
TOLD_FOR = timedelta(minutes=2)
RESOLVE, TRANSFER, KNOWN_PROBLEM, REPLY = "resolve", "transfer", "known_problem", "reply"
WAITING, DONE, UNDONE, DROPPED = "waiting", "done", "undone", "dropped"
_CLIENT_ID = "client_message_id"
# Built once, because it is asked twice a second.
_DUE = (
    select(DelayedAction.id)
    .where(DelayedAction.state == WAITING, DelayedAction.due_at <= bindparam("now"))
    .order_by(DelayedAction.id)
)
# What the customer writes meanwhile may change a technician's mind about these.
STOPPED_BY_CUSTOMER = {
    RESOLVE: "Not resolved: the customer wrote meanwhile.",
    REPLY: "Not sent: the customer wrote meanwhile. Read it, then send yours if it still fits.",
}


class Delayed(TypedDict):
    """A delayed action as its technician sees it. ``why``: the reason why it was dropped."""

    id: int
    kind: str
    conversation_id: str
    reference: str | None
    client_message_id: str | None
    why: str | None


@unit_of_work()
async def delay_resolve(
    session: AsyncSession,
    ctx: Context,
    conversation_id: str,
    technician: Technician,
    references: list[str] | None,
) -> Delayed:
    """Resolve issues of the conversation in five seconds; raises as ``resolve_issues.resolve``."""
    conversation = await transitions.owned_by(session, conversation_id, technician)
    held = await issues_of(session, await open_hand_offs(session, conversation))
    if not [one for one in held if references is None or one.reference in references]:
        raise NotHandedOff("You hold no such issue in this conversation; nothing was changed.")
    await _refuse_second(session, conversation_id)
    return await _keep(session, ctx, conversation, technician, RESOLVE, {"references": references})


@unit_of_work()
async def delay_resolve_issue(
    session: AsyncSession, ctx: Context, technician: Technician, reference: str, seen: object = None
) -> Delayed:
    """Resolve an issue in five seconds, whether its conversation is the technician's or nobody works on it.

    Raises as ``status_change.set_status``.
    """
    issue, conversation = await access.readable_issue(session, ctx, technician, reference, lock=True)
    await status_change.check_resolvable(session, conversation, issue, technician, seen)
    await _refuse_second(session, conversation.id, issue.reference)
    asked = {"references": [issue.reference], "reference": issue.reference}
    return await _keep(session, ctx, conversation, technician, RESOLVE, asked)


@unit_of_work()
async def delay_transfer(
    session: AsyncSession,
    ctx: Context,
    conversation_id: str,
    technician: Technician,
    *,
    team: str | None = None,
    to_technician_id: int | None = None,
    note: str | None = None,
) -> Delayed:
    """Transfer the conversation in five seconds; raises as ``transitions.transfer``."""
    conversation = await transitions.owned_by(session, conversation_id, technician)
    await transitions.target_name(session, ctx, team, to_technician_id)
    await _refuse_second(session, conversation_id)
    asked = {"team": team, "to_technician_id": to_technician_id, "note": note}
    return await _keep(session, ctx, conversation, technician, TRANSFER, asked)


@unit_of_work()
async def delay_known_problem(
    session: AsyncSession, ctx: Context, technician: Technician, problem_id: int, reference: object
) -> Delayed:
    """Link an issue to a known problem in five seconds; raises as ``known_problems.link_issue``."""
    issue = await known_problems.linkable_issue(session, problem_id, reference)
    conversation = await access.load_readable(session, technician, issue.conversation_id)
    asked = {"problem_id": problem_id, "reference": issue.reference}
    return await _keep(session, ctx, conversation, technician, KNOWN_PROBLEM, asked)


@unit_of_work()
async def delay_reply(
    session: AsyncSession, ctx: Context, technician: Technician, conversation_id: str, incoming: receive.Incoming
) -> Delayed | receive.Accepted | None:
    """Send a reply in five seconds where that can be undone: by mail, and anywhere for those who wish it.

    Return what was sent or delayed under the same id before; None where the reply is to be sent at once.
    """
    await lock_conversation(session, conversation_id)
    earlier = await technician_messages.sent_before(session, technician, conversation_id, incoming)
    if earlier is not None:
        return earlier
    conversation = await transitions.owned_by(session, conversation_id, technician)
    me = await session.get_one(Technician, technician.id)
    if conversation.channel != EMAIL and not me.delays_replies:
        return None
    same = await _same_reply(session, technician, conversation_id, incoming.client_message_id)
    if same is not None and same.state == DROPPED:
        raise TooLate(same.why or "It could not be sent.")
    if same is not None:
        return _shown(same, None)
    return await _keep(session, ctx, conversation, technician, REPLY, asdict(incoming))


async def _same_reply(
    session: AsyncSession, technician: Technician, conversation_id: str, client_message_id: str
) -> DelayedAction | None:
    earlier = select(DelayedAction).where(
        DelayedAction.conversation_id == conversation_id,
        DelayedAction.technician_id == technician.id,
        DelayedAction.kind == REPLY,
        DelayedAction.state.in_((WAITING, DROPPED)),
    )
    found = [one for one in await session.scalars(earlier) if one.payload[_CLIENT_ID] == client_message_id]
    return found[-1] if found else None


async def _refuse_second(session: AsyncSession, conversation_id: str, reference: str | None = None) -> None:
    """Raise Conflict (``delayed``) when the conversation, or this issue of it, will be resolved or transferred."""
    waits = select(DelayedAction).where(
        DelayedAction.conversation_id == conversation_id,
        DelayedAction.kind.in_((RESOLVE, TRANSFER)),
        DelayedAction.state == WAITING,
    )
    others = {one.payload.get("reference") for one in await session.scalars(waits)}
    if others and (reference is None or None in others or reference in others):
        raise AlreadyDelayed("This is about to be resolved or transferred already. Undo that first, or wait.")


async def _keep(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    technician: Technician,
    kind: str,
    payload: dict[str, Any],
) -> Delayed:
    now = ctx.clock()
    kept = DelayedAction(
        conversation_id=conversation.id,
        technician_id=technician.id,
        kind=kind,
        payload=payload,
        seen_seq=conversation.last_seq,
        created_at=now,
        due_at=now + DELAY,
    )
    session.add(kept)
    await session.flush()
    after_commit(session, ctx.wake, DESK)
    return _shown(kept, await _reference_of(session, conversation))


async def _reference_of(session: AsyncSession, conversation: Conversation) -> str | None:
    named: str | None = await session.scalar(select(Issue.reference).where(Issue.id == conversation.issue_id))
    return named


@unit_of_work()
async def undo(session: AsyncSession, ctx: Context, technician: Technician, action_id: int) -> None:
    """Undo an action of the technician that has not taken effect; raises NotFound, or Conflict (``too_late``)."""
    action = await lock_row(session, DelayedAction, action_id)
    if action is None or action.technician_id != technician.id:
        raise NotFound("There is no such action of yours.")
    if action.state != WAITING:
        raise TooLate("It has taken effect already, or was undone before; nothing was changed.")
    _end(action, UNDONE, ctx)
    about = {"kind": action.kind, "conversation": action.conversation_id}
    audit.record(session, audit.technician_actor(technician), "desk.undo", ctx.clock(), details=about)
    after_commit(session, ctx.wake, DESK)


def _end(action: DelayedAction, state: str, ctx: Context, why: str | None = None) -> None:
    action.state, action.why, action.ended_at = state, why, ctx.clock()
    action.payload = {_CLIENT_ID: action.payload[_CLIENT_ID]} if action.kind == REPLY else {}


async def do_what_is_due(ctx: Context) -> None:
    """Do every action whose time has come, in the order in which they were asked for."""
    async with ctx.db.read() as session:
        found = list(await session.scalars(_DUE, {"now": ctx.clock()}))
    for action_id in found:
        try:
            await _perform(ctx, action_id)
        except ServiceError as error:
            await _drop(ctx, action_id, str(error))


@unit_of_work()
async def _perform(session: AsyncSession, ctx: Context, action_id: int) -> None:
    """Do the action and end it, in one transaction; another gateway, or an undo, may have been faster."""
    action = await session.get_one(DelayedAction, action_id)
    if action.state != WAITING:
        return
    technician = await session.get_one(Technician, action.technician_id)
    if not technician.active:
        raise NotFound("Your account was deactivated; nothing was changed.")
    await _do(session, ctx, action, technician)
    locked = await lock_row(session, DelayedAction, action_id)
    if locked is None or locked.state != WAITING:
        raise Superseded
    _end(locked, DONE, ctx)
    after_commit(session, ctx.wake, DESK)


async def _do(session: AsyncSession, ctx: Context, action: DelayedAction, technician: Technician) -> None:
    asked, conversation_id = dict(action.payload), action.conversation_id
    if action.kind in STOPPED_BY_CUSTOMER and await _wrote_since(session, action):
        raise TooLate(STOPPED_BY_CUSTOMER[action.kind])
    if action.kind == RESOLVE and "reference" in asked:
        await status_change.resolve_within(session, ctx, technician, asked["reference"])
    elif action.kind == RESOLVE:
        await resolve_issues.resolve_within(session, ctx, conversation_id, technician, asked["references"])
    elif action.kind == TRANSFER:
        await transitions.transfer_within(session, ctx, conversation_id, technician, **asked)
    elif action.kind == KNOWN_PROBLEM:
        await known_problems.link_issue_within(session, ctx, technician, asked["problem_id"], asked["reference"])
    else:
        await technician_messages.send_within(session, ctx, technician, conversation_id, receive.Incoming(**asked))


async def _wrote_since(session: AsyncSession, action: DelayedAction) -> bool:
    newer = select(Message.id).where(
        Message.conversation_id == action.conversation_id,
        Message.seq > action.seen_seq,
        Message.author == "customer",
    )
    return await session.scalar(newer.limit(1)) is not None


@unit_of_work()
async def _drop(session: AsyncSession, ctx: Context, action_id: int, why: str) -> None:
    """End an action that cannot be done. The note of a transfer is kept as a private note."""
    conversation_id = (await session.get_one(DelayedAction, action_id)).conversation_id
    conversation = await lock_conversation(session, conversation_id)
    action = await lock_row(session, DelayedAction, action_id)
    if conversation is None or action is None or action.state != WAITING:
        return
    if action.kind == TRANSFER and action.payload.get("note"):
        note = _private_note(action, conversation, ctx)
        session.add(note)
        conversation.updated_at = ctx.clock()
        after_commit(session, ctx.wake, conversation.id)
    _end(action, DROPPED, ctx, why)
    after_commit(session, ctx.wake, DESK)


def _private_note(action: DelayedAction, conversation: Conversation, ctx: Context) -> Note:
    return Note(
        conversation_id=conversation.id,
        technician_id=action.technician_id,
        after_seq=conversation.last_seq,
        text=action.payload["note"],
        created_at=ctx.clock(),
    )


async def actions_of(session: AsyncSession, ctx: Context, technician: Technician) -> list[Delayed]:
    """Return what the technician can undo now, and what of the last minutes could not be done."""
    query = (
        select(DelayedAction, Issue.reference)
        .join(Conversation, Conversation.id == DelayedAction.conversation_id)
        .outerjoin(Issue, Issue.id == Conversation.issue_id)
        .where(
            DelayedAction.technician_id == technician.id,
            (DelayedAction.state == WAITING)
            | ((DelayedAction.state == DROPPED) & (DelayedAction.ended_at > ctx.clock() - TOLD_FOR)),
        )
        .order_by(DelayedAction.id)
    )
    return [_shown(action, reference) for action, reference in await session.execute(query)]


def _shown(action: DelayedAction, reference: str | None) -> Delayed:
    payload: Mapping[str, Any] = action.payload
    return Delayed(
        id=action.id,
        kind=action.kind,
        conversation_id=action.conversation_id,
        reference=payload.get("reference") or reference,
        client_message_id=payload.get(_CLIENT_ID),
        why=action.why,
    )
