"""Messages that did not reach the customer's channel, as the desk shows them, and sending them again."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.channel import outbox
from bot.services.conversation import lifecycle
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import AlreadyDelivered, NotFound
from bot.services.technician import access
from bot.store.locks import lock_row
from bot.store.tables import Delivery, Message, Technician
from bot.store.unit_of_work import after_commit, unit_of_work


async def failed_deliveries(session: AsyncSession, ctx: Context, conversation_id: str) -> list[dict[str, Any]]:
    """``{delivery_id, seq, channel, why, trying}`` for each message that counts as not delivered."""
    query = (
        select(Delivery, Message.seq)
        .join(Message, Message.id == Delivery.message_id)
        .where(Delivery.conversation_id == conversation_id, outbox.late(ctx))
        .order_by(Delivery.id)
    )
    return [
        {
            "delivery_id": delivery.id,
            "seq": seq,
            "channel": delivery.channel,
            "why": delivery.error,
            "trying": delivery.status == outbox.PENDING,
        }
        for delivery, seq in await session.execute(query)
    ]


@unit_of_work()
async def resend(
    session: AsyncSession, ctx: Context, technician: Technician, conversation_id: str, delivery_id: int
) -> None:
    """Try a message again at once, from the part that was not sent; raises NotFound, or Conflict when it arrived."""
    now = ctx.clock()
    conversation = await lifecycle.load(session, conversation_id, lock=True)
    await access.load_readable(session, technician, conversation_id)
    delivery = await lock_row(session, Delivery, delivery_id)
    if delivery is None or delivery.conversation_id != conversation_id:
        raise NotFound("There is no such delivery in this conversation.")
    if delivery.status == outbox.SENT:
        raise AlreadyDelivered("This message has been delivered meanwhile; it was not sent again.")
    delivery.status, delivery.next_at, delivery.created_at = outbox.PENDING, now, now
    delivery.attempts, delivery.error = 0, None
    conversation.updated_at = now
    actor, details = audit.technician_actor(technician), {"delivery": delivery.id, "channel": delivery.channel}
    audit.record(session, actor, "delivery.resend", now, conversation=conversation, details=details)
    after_commit(session, ctx.wake, conversation_id)
