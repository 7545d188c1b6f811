"""One worker at a time holds a conversation's lease; its fence proves it when the results are stored, so that a worker
that was paused past its lease cannot write over its successor.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.hand_off.pending_events import PENDING
from bot.store.locks import held_locks, lock_conversations
from bot.store.tables import Conversation, InboundEvent
from bot.store.unit_of_work import unit_of_work

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
_DUE = (
    select(InboundEvent.conversation_id)
    .join(Conversation, Conversation.id == InboundEvent.conversation_id)
    .where(
        InboundEvent.status == PENDING,
        or_(InboundEvent.not_before.is_(None), InboundEvent.not_before <= bindparam("now")),
        or_(Conversation.lease_until.is_(None), Conversation.lease_until <= bindparam("now")),
    )
    .group_by(InboundEvent.conversation_id)
    .order_by(func.min(InboundEvent.id))
    .limit(bindparam("most"))
)


class LeaseLost(Exception):
    """Another worker has this conversation now; it will do the event."""


@dataclass(frozen=True)
class Lease:
    conversation_id: str
    fence: int


async def due(ctx: Context, limit: int = 100) -> list[str]:
    """Conversations that have pending events and no live lease, the longest waiting first."""
    async with ctx.db.read() as session:
        return list(await session.scalars(_DUE, {"now": ctx.clock(), "most": limit}))


@unit_of_work()
async def take(session: AsyncSession, ctx: Context, conversation_id: str) -> Lease | None:
    """Lease the conversation for 30 seconds; None when another worker has it."""
    taken = await take_lease(session, conversation_id, ctx.clock())
    return Lease(conversation_id, taken.fence) if taken else None


async def take_lease(session: AsyncSession, conversation_id: str, now: datetime) -> Conversation | None:
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


async def held(session: AsyncSession, lease: Lease, others: Iterable[str] = ()) -> Conversation:
    """Return the leased conversation, locked together with ``others``.

    Raises LeaseLost when another worker has it, or it was erased.
    """
    locked = await lock_conversations(session, {lease.conversation_id, *others})
    conversation = next((one for one in locked if one.id == lease.conversation_id), None)
    if conversation is None or conversation.fence != lease.fence or conversation.erased_at is not None:
        raise LeaseLost
    return conversation
