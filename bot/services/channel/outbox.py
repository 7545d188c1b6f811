"""What we said and still owe to Slack or Teams: one row per message and channel, sent in order.

The row is written in the transaction that stores the message. One worker at a time holds the conversation's lease,
and records each part as soon as it is sent: a crash between sending and recording repeats that one part at most.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import transcript
from bot.services.core.backoff import backoff
from bot.services.core.context import Context
from bot.store.tables import ChannelThread, ChannelUser, Conversation, Delivery, Issue, Message

PENDING, SENT, FAILED = "pending", "sent", "failed"
LEASE = timedelta(seconds=60)


class NotNow(Exception):
    """The channel does not take the message at present; ``retry_after`` seconds if it said so."""

    def __init__(self, code: str, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code, self.retry_after = code, retry_after


class Refused(Exception):
    """The channel will never take the message as things are: the bot was removed, the token withdrawn."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class LeaseLost(Exception):
    """Another worker sends this conversation's messages now."""


@dataclass(frozen=True)
class Lease:
    conversation_id: str
    channel: str
    fence: int


@dataclass(frozen=True)
class Outgoing:
    """A message ready to be sent. ``message`` is its public form (see ``conversation.transcript``); ``reference`` is
    where to, as the channel stored it; ``private``: only the customer may read it; ``tech_reference`` belongs on
    every message about the issue; ``user_id`` is the customer as the channel knows them.
    """

    delivery_id: int
    conversation_id: str
    message: dict[str, Any]
    private: bool
    tech_reference: str | None
    workspace: str
    shared: bool
    reference: dict[str, Any]
    user_id: str | None
    parts_sent: int
    attempts: int


async def due(ctx: Context, channels: list[str], limit: int = 200) -> list[tuple[str, str]]:
    """(conversation, channel) whose oldest unsent message is due and that nobody is sending."""
    now = ctx.clock()
    oldest = (
        select(Delivery.conversation_id, func.min(Delivery.id).label("first"))
        .where(Delivery.status == PENDING, Delivery.channel.in_(channels))
        .group_by(Delivery.conversation_id)
        .subquery()
    )
    query = (
        select(Delivery.conversation_id, Delivery.channel)
        .join(oldest, oldest.c.first == Delivery.id)
        .join(ChannelThread, ChannelThread.conversation_id == Delivery.conversation_id)
        .where(Delivery.next_at <= now, _free(now))
        .order_by(Delivery.id)
        .limit(limit)
    )
    async with ctx.db.read() as session:
        return [(conversation, channel) for conversation, channel in await session.execute(query)]


async def take(ctx: Context, conversation_id: str) -> Lease | None:
    """Lease the sending of this conversation; None when another worker has it."""
    now = ctx.clock()
    query = update(ChannelThread).where(ChannelThread.conversation_id == conversation_id, _free(now))
    values = {"lease_until": now + LEASE, "fence": ChannelThread.fence + 1}
    async with ctx.db.write() as session:
        taken = await session.execute(query.values(values).returning(ChannelThread.channel, ChannelThread.fence))
        row = taken.first()
    return Lease(conversation_id, row[0], row[1]) if row else None


async def drop_leases(ctx: Context) -> None:
    """Free every conversation: for the start of the only gateway there is."""
    async with ctx.db.write() as session:
        held = ChannelThread.lease_until.is_not(None)
        await session.execute(update(ChannelThread).where(held).values(lease_until=None))


async def release(ctx: Context, lease: Lease) -> None:
    """Give the lease back."""
    held = and_(ChannelThread.conversation_id == lease.conversation_id, ChannelThread.fence == lease.fence)
    async with ctx.db.write() as session:
        await session.execute(update(ChannelThread).where(held).values(lease_until=None))


async def next_message(ctx: Context, lease: Lease) -> Outgoing | None:
    """The oldest unsent message if its time has come; it holds back all that were stored after it."""
    query = (
        select(Delivery, Message, ChannelThread, Issue.reference, ChannelUser.user_id)
        .join(Message, Message.id == Delivery.message_id)
        .join(ChannelThread, ChannelThread.conversation_id == Delivery.conversation_id)
        .join(Conversation, Conversation.id == Delivery.conversation_id)
        .outerjoin(Issue, Issue.id == Conversation.issue_id)
        .outerjoin(
            ChannelUser,
            and_(ChannelUser.customer_id == Conversation.customer_id, ChannelUser.channel == Delivery.channel),
        )
        .where(Delivery.conversation_id == lease.conversation_id, Delivery.status == PENDING)
        .order_by(Delivery.id)
        .limit(1)
    )
    async with ctx.db.read() as session:
        row = (await session.execute(query)).first()
        if row is None or row[0].next_at > ctx.clock():
            return None
        delivery, message, thread, reference, user_id = row
        return Outgoing(
            delivery_id=delivery.id,
            conversation_id=delivery.conversation_id,
            message=(await transcript.public_messages(session, [message]))[0],
            private=message.private,
            tech_reference=message.reference or reference,
            workspace=thread.workspace,
            shared=thread.shared,
            reference=thread.reference,
            user_id=user_id,
            parts_sent=delivery.parts_sent,
            attempts=delivery.attempts,
        )


async def part_sent(
    ctx: Context, lease: Lease, outgoing: Outgoing, place: int, of: int, outside_id: str | None
) -> None:
    """Record that part ``place`` (from 0) of ``of`` was sent, and hold on to the lease."""
    now = ctx.clock()
    async with ctx.db.write() as session:
        await _hold(session, lease, now)
        delivery = await session.get_one(Delivery, outgoing.delivery_id)
        delivery.parts_sent = place + 1
        delivery.outside_id = delivery.outside_id or outside_id
        delivery.attempts, delivery.error = 0, None
        if delivery.parts_sent >= of:
            delivery.status, delivery.sent_at = SENT, now


async def not_now(ctx: Context, lease: Lease, outgoing: Outgoing, why: NotNow) -> None:
    """Try again after what the channel asked for, else after a growing wait; give up after a set time."""
    now = ctx.clock()
    async with ctx.db.write() as session:
        await _hold(session, lease, now)
        delivery = await session.get_one(Delivery, outgoing.delivery_id)
        delivery.attempts, delivery.error = delivery.attempts + 1, why.code
        wait = why.retry_after if why.retry_after is not None else backoff(delivery.attempts)
        delivery.next_at = now + timedelta(seconds=wait)
        if now - delivery.created_at > timedelta(hours=ctx.support.delivery.give_up_after_hours):
            delivery.status = FAILED


async def refused(ctx: Context, lease: Lease, outgoing: Outgoing, why: Refused) -> None:
    """Not delivered; the messages after it are tried all the same."""
    async with ctx.db.write() as session:
        await _hold(session, lease, ctx.clock())
        delivery = await session.get_one(Delivery, outgoing.delivery_id)
        delivery.status, delivery.error = FAILED, why.code
        delivery.attempts += 1


async def where(ctx: Context, conversation_id: str) -> ChannelThread | None:
    """The thread a conversation is held in outside; None when it is held on the web."""
    async with ctx.db.read() as session:
        return await session.get(ChannelThread, conversation_id)


def late(ctx: Context) -> ColumnElement[bool]:
    """Which deliveries count as not delivered: the refused, and those that have waited too long."""
    patience = timedelta(minutes=ctx.support.delivery.late_after_minutes)
    waits = and_(Delivery.status == PENDING, Delivery.created_at <= ctx.clock() - patience)
    return or_(Delivery.status == FAILED, waits)


async def _hold(session: AsyncSession, lease: Lease, now: datetime) -> None:
    held = await session.scalar(
        update(ChannelThread)
        .where(ChannelThread.conversation_id == lease.conversation_id, ChannelThread.fence == lease.fence)
        .values(lease_until=now + LEASE)
        .returning(ChannelThread.fence)
    )
    if held is None:
        raise LeaseLost


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(ChannelThread.lease_until.is_(None), ChannelThread.lease_until <= now)
