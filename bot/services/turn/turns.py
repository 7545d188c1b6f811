"""Take a conversation's inbound events one after the other, and keep what each turn brought.

One worker at a time holds the conversation's lease; its fence proves it when the results are stored, so that
a worker that was paused past its lease cannot write over its successor.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import episodes, lifecycle, transcript
from bot.services.core.context import Context
from bot.services.hand_off import ownership, pending_events
from bot.services.hand_off.pending_events import DONE, PENDING
from bot.services.intake import draft
from bot.services.issue import open_issue
from bot.services.turn import effects
from bot.store.locks import held_locks
from bot.store.lookup import its_issue
from bot.store.tables import Conversation, InboundEvent, Issue, Message, Turn
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.hand_off.ownership import Event, Owner
from bot.triage.reading.signs import in_words

LEASE = timedelta(seconds=30)
# The statements of every turn are built once, at import (docs/performance.md).
_TAKE = (
    update(Conversation)
    .where(
        Conversation.id == bindparam("conversation_id"),
        or_(Conversation.lease_until.is_(None), Conversation.lease_until <= bindparam("now")),
    )
    .values(lease_until=bindparam("until"), fence=Conversation.fence + 1)
    .returning(Conversation)
)
_OLDEST_WAITING = (
    select(InboundEvent, Message)
    .outerjoin(Message, Message.id == InboundEvent.message_id)
    .where(InboundEvent.conversation_id == bindparam("conversation_id"), InboundEvent.status == PENDING)
    .order_by(InboundEvent.id)
    .limit(1)
)
# The number of messages after one that was seen does not grow with the conversation.
_ASKED_SINCE = (
    select(Message.id)
    .where(
        Message.conversation_id == bindparam("conversation_id"),
        Message.seq > bindparam("seen"),
        Message.author == "assistant",
    )
    .limit(1)
)
_FINISHED = (
    update(InboundEvent).where(InboundEvent.id == bindparam("event_id")).values(status=DONE, done_at=bindparam("now"))
)


class LeaseLost(Exception):
    """Another worker has this conversation now; it will do the event."""


@dataclass(frozen=True)
class Lease:
    conversation_id: str
    fence: int


@dataclass(frozen=True)
class Prepared:
    """One event ready to be worked on; ``resume`` is set when Rasa must be told where we are first.

    ``private``: its message was written in private, so what is said to it is as private.
    """

    event_id: int
    message_id: str
    sender: str
    epoch: int
    mode: str
    model_id: str | None
    text: str | None
    payload: str | None
    unseen_question: bool
    fallback: bool
    resume: dict[str, Any] | None
    attempts: int
    arrived_at: datetime
    private: bool = False


@dataclass(frozen=True)
class Outcome:
    """The result of a turn: from Rasa, or from the fallback when ``by`` says so."""

    replies: list[dict[str, Any]]
    effects: list[dict[str, Any]]
    by: str = "rasa"
    model_id: str | None = None
    trace: dict[str, Any] = field(default_factory=dict)
    milliseconds: int = 0
    reason: str | None = None


async def due(ctx: Context, limit: int = 100) -> list[str]:
    """Conversations that have pending events and no live lease, the longest waiting first."""
    now = ctx.clock()
    query = (
        select(InboundEvent.conversation_id)
        .join(Conversation, Conversation.id == InboundEvent.conversation_id)
        .where(
            InboundEvent.status == PENDING,
            or_(InboundEvent.not_before.is_(None), InboundEvent.not_before <= now),
            or_(Conversation.lease_until.is_(None), Conversation.lease_until <= now),
        )
        .group_by(InboundEvent.conversation_id)
        .order_by(func.min(InboundEvent.id))
        .limit(limit)
    )
    async with ctx.db.read() as session:
        return list(await session.scalars(query))


@unit_of_work()
async def take(session: AsyncSession, ctx: Context, conversation_id: str) -> Lease | None:
    """Lease the conversation for 30 seconds; None when another worker has it."""
    taken = await _take(session, conversation_id, ctx.clock())
    return Lease(conversation_id, taken.fence) if taken else None


@unit_of_work()
async def begin(session: AsyncSession, ctx: Context, conversation_id: str) -> tuple[Lease, Prepared] | None:
    """Lease the conversation and prepare its next event, in one transaction.

    None when another worker has the conversation, or when nothing waits in it.
    """
    now = ctx.clock()
    taken = await _take(session, conversation_id, now)
    if taken is None:
        return None
    prepared = await _prepare_next(session, ctx, taken, now)
    return (Lease(conversation_id, taken.fence), prepared) if prepared else None


async def _take(session: AsyncSession, conversation_id: str, now: datetime) -> Conversation | None:
    """Return the conversation with a new fence; None when another worker has it."""
    held_locks(session).request(Conversation, [conversation_id])  # the statement locks the row that it changes
    taken = await session.scalars(_TAKE, {"conversation_id": conversation_id, "now": now, "until": now + LEASE})
    return taken.one_or_none()


async def drop_leases(ctx: Context) -> None:
    """Free every conversation: for the start of the only gateway there is."""
    async with ctx.db.write() as session:
        await session.execute(
            update(Conversation).where(Conversation.lease_until.is_not(None)).values(lease_until=None)
        )


@unit_of_work()
async def prepare(session: AsyncSession, ctx: Context, lease: Lease) -> Prepared | None:
    """Return the oldest pending event that needs an answer; None, with the lease given up, when there is none."""
    return await _prepare_next(session, ctx, await held(session, lease), ctx.clock())


async def _prepare_next(
    session: AsyncSession, ctx: Context, conversation: Conversation, now: datetime
) -> Prepared | None:
    event, message = await _next_event(session, ctx, conversation)
    if event is None:
        conversation.lease_until = None
        return None
    conversation.lease_until = now + LEASE
    event.attempts += 1
    if conversation.owner == Owner.CLOSED:
        await _reopen(session, ctx, conversation)
    elif conversation.episode_turns >= episodes.TURNS_PER_EPISODE:
        episodes.begin(conversation, {"kind": "rollover"})
    with session.no_autoflush:
        return await _prepared(session, conversation, event, message)


async def held(session: AsyncSession, lease: Lease) -> Conversation:
    """Return the leased conversation, locked; raises LeaseLost when another worker has it, or it was erased."""
    conversation = await lifecycle.load(session, lease.conversation_id, lock=True, erased=True)
    if conversation.fence != lease.fence or conversation.erased_at is not None:
        raise LeaseLost
    return conversation


async def _next_event(
    session: AsyncSession, ctx: Context, conversation: Conversation
) -> tuple[InboundEvent | None, Message | None]:
    """Return the next event with its message, if it has one.

    One that must wait makes those behind it wait as well: the order is the customer's.
    """
    if conversation.owner == Owner.TECHNICIAN:
        await pending_events.settle_pending_events(session, ctx, conversation)
        return None, None
    with session.no_autoflush:  # nothing of ours that is still to be written changes what waits
        row = (await session.execute(_OLDEST_WAITING, {"conversation_id": conversation.id})).first()
    due = row is not None and (row[0].not_before is None or row[0].not_before <= ctx.clock())
    return (row[0], row[1]) if row and due else (None, None)


async def _reopen(session: AsyncSession, ctx: Context, conversation: Conversation) -> None:
    await ownership.change_owner(
        session,
        conversation,
        Event.CUSTOMER_WRITES,
        actor="customer",
        reason="wrote again",
        now=ctx.clock(),
    )
    episodes.begin(conversation, {"kind": "reopened"})
    issue = await its_issue(session, conversation)
    if issue is not None and issue.status == "resolved":
        text = ctx.support.wording.reopened.format(reference=issue.reference)
        await transcript.say(session, conversation, ctx.clock(), text, author_name=ctx.support.company)


async def _prepared(
    session: AsyncSession, conversation: Conversation, event: InboundEvent, message: Message | None
) -> Prepared:
    text, payload, unseen = None, None, False
    if message is not None:
        unseen = await _unseen_question(session, conversation, message)
        payload = await _payload(session, message)
        text = None if payload else in_words(message.text) or draft.FILE_ONLY
    return Prepared(
        event_id=event.id,
        message_id=str(message.id) if message else f"event-{event.id}",
        sender=episodes.sender(conversation),
        epoch=conversation.epoch,
        mode="waiting" if conversation.owner == Owner.QUEUE else "assistant",
        model_id=conversation.model_id,
        text=text,
        payload=payload,
        unseen_question=unseen,
        fallback=conversation.fallback,
        resume=conversation.resume,
        attempts=event.attempts,
        arrived_at=event.created_at,
        private=message is not None and message.private,
    )


async def _unseen_question(session: AsyncSession, conversation: Conversation, message: Message) -> bool:
    """Return whether the assistant has said something that this message was written before."""
    seen = min(message.seq - 1, message.seen_seq if message.seen_seq is not None else message.seq)
    if seen == message.seq - 1 and message.seq == conversation.last_seq:
        return False
    return await session.scalar(_ASKED_SINCE, {"conversation_id": conversation.id, "seen": seen}) is not None


async def _payload(session: AsyncSession, message: Message) -> str | None:
    """Return the payload behind a choice, unless newer choices have taken its place.

    One that names its target ("question" or "intake") is always passed on: the action knows what is outdated.
    """
    if message.chosen is None:
        return None
    payload: str = message.chosen["payload"]
    if '"question"' in payload or '"intake"' in payload:
        return payload
    newer = select(Message.choices).where(
        Message.conversation_id == message.conversation_id,
        Message.author != "customer",
        Message.seq > message.chosen["seq"],
        Message.seq < message.seq,
    )
    outdated = any(choices for choices in await session.scalars(newer))
    return None if outdated else payload


@unit_of_work()
async def resumed(session: AsyncSession, ctx: Context, lease: Lease, model_id: str | None) -> None:
    """Rasa has been told where we are: the episode can go on with the customer's own words."""
    conversation = await held(session, lease)
    conversation.resume, conversation.model_id = None, model_id
    conversation.episode_turns += 1


@unit_of_work()
async def try_later(session: AsyncSession, ctx: Context, lease: Lease, prepared: Prepared, wait: timedelta) -> None:
    """Give the conversation back with its event still waiting, not to be begun again for so long."""
    conversation = await held(session, lease)
    conversation.lease_until = None
    event = await session.get_one(InboundEvent, prepared.event_id)
    event.not_before = ctx.clock() + wait


@unit_of_work()
async def restart_episode(session: AsyncSession, ctx: Context, lease: Lease, kind: str) -> None:
    """Begin a new episode because Rasa cannot go on with the present one."""
    conversation = await held(session, lease)
    episodes.begin(conversation, conversation.resume or {"kind": kind})


@unit_of_work()
async def complete(
    session: AsyncSession, ctx: Context, lease: Lease, prepared: Prepared, outcome: Outcome
) -> Prepared | None:
    """Store the replies, apply the effects and finish the event, all or nothing; the next event, as ``prepare``.

    When the owner changed since the turn began the replies are dropped and the turn recorded as dropped; an
    issue that the turn opened is announced all the same.
    """
    now = ctx.clock()
    conversation = await held(session, lease)
    # Before anything is changed, which this would write down at once and once more at the end.
    await session.execute(_FINISHED, {"event_id": prepared.event_id, "now": now})
    unspoken = await open_issue.unannounced_issues(session, conversation)
    current = conversation.epoch == prepared.epoch
    if current:
        same_episode = prepared.sender == episodes.sender(conversation)
        await _keep(session, ctx, conversation, outcome, now, same_episode, unspoken, prepared.private)
    await open_issue.announce_issues(session, ctx, conversation, unspoken)
    session.add(_turn(conversation, prepared.event_id, outcome, now, "done" if current else "dropped"))
    following = await _prepare_next(session, ctx, conversation, ctx.clock())
    after_commit(session, ctx.wake, conversation.id)
    return following


async def _keep(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    outcome: Outcome,
    now: datetime,
    same_episode: bool,
    unspoken: Sequence[Issue],
    private: bool,
) -> None:
    # A new episode that began meanwhile still has to be told where we are.
    if outcome.by == "rasa" and same_episode:
        conversation.resume, conversation.model_id = None, outcome.model_id
        conversation.episode_turns += 1
    await effects.speak_and_apply(
        session, ctx, conversation, outcome.replies, outcome.effects, now, unspoken, private=private
    )


def _turn(conversation: Conversation, event_id: int, outcome: Outcome, now: datetime, result: str) -> Turn:
    return Turn(
        conversation_id=conversation.id,
        inbound_event_id=event_id,
        result=result if outcome.by == "rasa" else f"{outcome.by} ({result})",
        intent=outcome.trace.get("intent"),
        confidence=outcome.trace.get("confidence"),
        rule=outcome.trace.get("rule"),
        actions=outcome.trace.get("actions", []),
        effects=[effect.get("type", "") for effect in outcome.effects],
        reason=outcome.reason,
        milliseconds=outcome.milliseconds,
        created_at=now,
    )
