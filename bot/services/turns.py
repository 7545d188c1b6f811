"""Take a conversation's inbound events one after the other, and keep what each turn brought.

One worker at a time holds the conversation's lease; its fence proves it when the results are stored, so that
a worker that was paused past its lease cannot write over its successor.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services import conversations, draft, effects, episodes, issue_life, open_issue, ownership, transcript
from bot.services.context import Context
from bot.store.tables import Conversation, InboundEvent, Issue, Message, Turn
from bot.triage.issue_status import IssueStatus
from bot.triage.ownership import Event, Owner

LEASE = timedelta(seconds=30)
PENDING, DONE = "pending", "done"


class LeaseLost(Exception):
    """Another worker has this conversation now; it will do the event."""


@dataclass(frozen=True)
class Lease:
    conversation_id: str
    fence: int


@dataclass(frozen=True)
class Prepared:
    """One event ready to be worked on; ``resume`` is set when Rasa must be told where we are first."""

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


@dataclass(frozen=True)
class Outcome:
    """What a turn brought: from Rasa, or from the fallback when ``by`` says so."""

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
            or_(Conversation.lease_until.is_(None), Conversation.lease_until <= now),
        )
        .group_by(InboundEvent.conversation_id)
        .order_by(func.min(InboundEvent.id))
        .limit(limit)
    )
    async with ctx.db.read() as session:
        return list(await session.scalars(query))


async def take(ctx: Context, conversation_id: str) -> Lease | None:
    """Lease the conversation for 30 seconds; None when another worker has it."""
    now = ctx.clock()
    free = or_(Conversation.lease_until.is_(None), Conversation.lease_until <= now)
    async with ctx.db.write() as session:
        fence = await session.scalar(
            update(Conversation)
            .where(Conversation.id == conversation_id, free)
            .values(lease_until=now + LEASE, fence=Conversation.fence + 1)
            .returning(Conversation.fence)
        )
    return Lease(conversation_id, fence) if fence is not None else None


async def drop_leases(ctx: Context) -> None:
    """Free every conversation: for the start of the only gateway there is."""
    async with ctx.db.write() as session:
        await session.execute(
            update(Conversation).where(Conversation.lease_until.is_not(None)).values(lease_until=None)
        )


async def prepare(ctx: Context, lease: Lease) -> Prepared | None:
    """The oldest pending event that needs an answer; None, with the lease given up, when there is none."""
    async with ctx.db.write() as session:
        conversation = await _held(session, lease)
        event = await _next_event(session, ctx, conversation)
        if event is None:
            conversation.lease_until = None
            return None
        conversation.lease_until = ctx.clock() + LEASE
        event.attempts += 1
        if conversation.owner == Owner.CLOSED:
            await _reopen(session, ctx, conversation)
        elif conversation.episode_turns >= episodes.TURNS_PER_EPISODE:
            episodes.begin(conversation, {"kind": "rollover"})
        message = await session.get(Message, event.message_id) if event.message_id else None
        return await _prepared(session, conversation, event, message)


async def _held(session: AsyncSession, lease: Lease) -> Conversation:
    conversation = await conversations.load(session, lease.conversation_id, lock=True)
    if conversation.fence != lease.fence:
        raise LeaseLost
    return conversation


async def _next_event(session: AsyncSession, ctx: Context, conversation: Conversation) -> InboundEvent | None:
    """Events that arrive while a technician has the conversation need no turn: the desk shows the message."""
    query = (
        select(InboundEvent)
        .where(InboundEvent.conversation_id == conversation.id, InboundEvent.status == PENDING)
        .order_by(InboundEvent.id)
    )
    now = ctx.clock()
    for event in await session.scalars(query):
        if conversation.owner != Owner.TECHNICIAN:
            return event
        _finish(event, now)
        await _note_reply(session, conversation, now)
    return None


async def _note_reply(session: AsyncSession, conversation: Conversation, now: datetime) -> None:
    """What the customer writes to a technician makes their issue one that is worked on."""
    issue = await session.get(Issue, conversation.issue_id) if conversation.issue_id else None
    if issue is not None and issue.status != IssueStatus.RESOLVED:
        issue_life.change_status(session, issue, IssueStatus.IN_PROGRESS, actor="customer", now=now)


async def _reopen(session: AsyncSession, ctx: Context, conversation: Conversation) -> None:
    await ownership.change(
        session,
        conversation,
        Event.CUSTOMER_WRITES,
        actor="customer",
        reason="wrote again",
        now=ctx.clock(),
    )
    episodes.begin(conversation, {"kind": "reopened"})
    issue = await session.get(Issue, conversation.issue_id) if conversation.issue_id else None
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
        text = None if payload else message.text or draft.FILE_ONLY
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
    )


async def _unseen_question(session: AsyncSession, conversation: Conversation, message: Message) -> bool:
    """Whether the assistant has said something that this message was written before."""
    seen = min(message.seq - 1, message.seen_seq if message.seen_seq is not None else message.seq)
    asked = select(func.max(Message.seq)).where(
        Message.conversation_id == conversation.id, Message.author == "assistant"
    )
    return (await session.scalar(asked) or 0) > seen


async def _payload(session: AsyncSession, message: Message) -> str | None:
    """The payload behind a choice, unless newer choices have taken its place.

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


async def resumed(ctx: Context, lease: Lease, model_id: str | None) -> None:
    """Rasa has been told where we are: the episode can go on with the customer's own words."""
    async with ctx.db.write() as session:
        conversation = await _held(session, lease)
        conversation.resume, conversation.model_id = None, model_id
        conversation.episode_turns += 1


async def restart_episode(ctx: Context, lease: Lease, kind: str) -> None:
    """Begin a new episode because Rasa cannot go on with the present one."""
    async with ctx.db.write() as session:
        conversation = await _held(session, lease)
        episodes.begin(conversation, conversation.resume or {"kind": kind})


async def complete(ctx: Context, lease: Lease, prepared: Prepared, outcome: Outcome) -> None:
    """Store the replies, apply the effects and finish the event, all or nothing.

    When the owner changed since the turn began the replies are dropped and the turn recorded as dropped; an
    issue that the turn opened is announced all the same.
    """
    now = ctx.clock()
    async with ctx.db.write() as session:
        conversation = await _held(session, lease)
        event = await session.get_one(InboundEvent, prepared.event_id)
        current = conversation.epoch == prepared.epoch
        if current:
            same_episode = prepared.sender == episodes.sender(conversation)
            await _keep(session, ctx, conversation, outcome, now, same_episode)
        conversation.lease_until = now + LEASE
        _finish(event, now)
        await announce_unspoken(session, ctx, conversation, now)
        session.add(_turn(conversation, event, outcome, now, "done" if current else "dropped"))
    ctx.wake(conversation.id)


async def _keep(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    outcome: Outcome,
    now: datetime,
    same_episode: bool,
) -> None:
    # A new episode that began meanwhile still has to be told where we are.
    if outcome.by == "rasa" and same_episode:
        conversation.resume, conversation.model_id = None, outcome.model_id
        conversation.episode_turns += 1
    spoken = await effects.speak_and_apply(session, ctx, conversation, outcome.replies, outcome.effects, now)
    for issue_id in spoken:
        await open_issue.mark_announced(session, issue_id, now)


def _finish(event: InboundEvent, now: datetime) -> None:
    event.status, event.done_at = DONE, now


def _turn(conversation: Conversation, event: InboundEvent, outcome: Outcome, now: datetime, result: str) -> Turn:
    return Turn(
        conversation_id=conversation.id,
        inbound_event_id=event.id,
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


async def announce_unspoken(session: AsyncSession, ctx: Context, conversation: Conversation, now: datetime) -> None:
    """Tell the customer every reference of theirs that no stored message has told yet."""
    query = select(Issue).where(Issue.conversation_id == conversation.id, Issue.announced_at.is_(None))
    for issue in await session.scalars(query):
        text = ctx.support.wording.reference_given.format(reference=issue.reference)
        await transcript.say(
            session, conversation, now, text, author_name=ctx.support.company, reference=issue.reference
        )
        await open_issue.mark_announced(session, issue.id, now)
