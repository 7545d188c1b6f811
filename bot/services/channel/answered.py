"""The answer that a message outside is to show instead of its quick replies, as the outbox has it."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from bot.services.channel.outgoing import Outgoing, outgoing
from bot.services.conversation import bundles
from bot.services.core.context import Context
from bot.services.outbox.items import DELIVERED, QUEUED
from bot.services.outbox.outcomes import NotNeeded, NotNow
from bot.store.tables import ChannelUser, Message, OutboxItem

# After that nobody looks for the buttons of a message that could not be sent all the time.
TRIED_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class Answered:
    """``sent`` is the item of the message ``outgoing``, whose last part is ``outside_id``. ``title`` is the choice that
    ``user_id``, called ``name``, made; None when the answer was written.
    """

    sent: OutboxItem
    outgoing: Outgoing
    outside_id: str
    title: str | None
    user_id: str | None
    name: str | None


async def answered(ctx: Context, update: OutboxItem) -> Answered:
    """Return what an item of kind ``button_update`` is to show.

    Raises NotNow while the message itself still waits, NotNeeded when it is not there to be changed.
    """
    payload = update.payload or {}
    async with ctx.db.read() as session:
        sent = await session.get(OutboxItem, payload["item"])
        if sent is None or ctx.clock() - update.created_at > TRIED_FOR:
            raise NotNeeded
        if sent.state == QUEUED:
            raise NotNow("not_sent_yet")
        if sent.state not in DELIVERED or sent.last_outside_id is None:
            raise NotNeeded
        messages = select(Message.choices).join(OutboxItem, bundles.sends()).where(OutboxItem.id == sent.id)
        offered = [choice for choices in await session.scalars(messages) for choice in choices]
        user = await session.get(ChannelUser, payload["by"]) if payload.get("by") else None
    title = next((choice["title"] for choice in offered if choice["id"] == payload.get("choice")), None)
    return Answered(
        sent=sent,
        outgoing=await outgoing(ctx, sent),
        outside_id=sent.last_outside_id,
        title=title,
        user_id=user.user_id if user else None,
        name=user.name if user else None,
    )
