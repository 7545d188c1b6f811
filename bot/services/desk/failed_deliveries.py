"""Messages that did not reach the customer's channel, as the desk shows them, and sending them again."""

from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import bundles, lifecycle
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import NotFound
from bot.services.outbox.items import MESSAGE, QUEUED
from bot.services.outbox.resend import queue_again
from bot.services.outbox.status import needs_attention
from bot.services.technician import access
from bot.store.locks import lock_row
from bot.store.tables import Message, OutboxItem, Technician
from bot.store.unit_of_work import after_commit, unit_of_work


class FailedDelivery(TypedDict):
    """A message that has not reached its channel. ``why``: the channel's reason; ``trying``: it is tried again."""

    delivery_id: int
    seq: int
    channel: str
    why: str | None
    trying: bool


async def failed_deliveries(session: AsyncSession, ctx: Context, conversation_id: str) -> list[FailedDelivery]:
    """Return each message that counts as not delivered."""
    query = (
        select(OutboxItem, Message.seq)
        .join(Message, bundles.sends())
        .where(OutboxItem.conversation_id == conversation_id, OutboxItem.kind == MESSAGE, needs_attention(ctx))
        .order_by(OutboxItem.id, Message.seq)
    )
    return [
        {
            "delivery_id": item.id,
            "seq": seq,
            "channel": item.target,
            "why": item.error,
            "trying": item.state == QUEUED,
        }
        for item, seq in await session.execute(query)
    ]


@unit_of_work()
async def resend(
    session: AsyncSession, ctx: Context, technician: Technician, conversation_id: str, delivery_id: int
) -> None:
    """Try a message again at once, from the part that was not sent; raises NotFound, or Conflict when it arrived."""
    now = ctx.clock()
    conversation = await lifecycle.load(session, conversation_id, lock=True)
    await access.load_readable(session, technician, conversation_id)
    item = await lock_row(session, OutboxItem, delivery_id)
    if item is None or item.conversation_id != conversation_id or item.kind != MESSAGE:
        raise NotFound("There is no such delivery in this conversation.")
    queue_again(session, item, now, audit.technician_actor(technician), conversation)
    after_commit(session, ctx.wake, conversation_id)
