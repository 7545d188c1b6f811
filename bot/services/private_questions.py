"""Questions of a shared thread that were asked in private: an answer in the personal chat belongs to the thread."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.channel_people import Person
from bot.services.context import Context
from bot.store.tables import ChannelThread, ChannelUser, Delivery, Message

# Later than that, a message in the personal chat more likely begins something new.
WAITS = timedelta(hours=24)


async def unanswered(ctx: Context, channel: str, person: Person) -> str | None:
    """The outside id of what was last asked of this person in private, if nobody has written in its thread since."""
    async with ctx.db.read() as session:
        last = await _last_said(session, channel, person)
        if last is None:
            return None
        query = (
            select(Message.author, Message.created_at, Delivery.outside_id)
            .outerjoin(Delivery, Delivery.message_id == Message.id)
            .where(Message.conversation_id == last.conversation_id, Message.seq > last.seq)
            .where((Message.author == "customer") | (Message.private & Delivery.outside_id.is_not(None)))
            .order_by(Message.seq.desc())
            .limit(1)
        )
        row = (await session.execute(query)).first()
    if row is None or row.author == "customer" or row.created_at < ctx.clock() - WAITS:
        return None
    return str(row.outside_id)


async def _last_said(session: AsyncSession, channel: str, person: Person) -> Message | None:
    """The last message that this person wrote in a thread others can read."""
    found: Message | None = await session.scalar(
        select(Message)
        .join(ChannelThread, ChannelThread.conversation_id == Message.conversation_id)
        .join(ChannelUser, ChannelUser.id == Message.channel_user_id)
        .where(
            ChannelThread.shared,
            ChannelUser.channel == channel,
            ChannelUser.workspace == person.workspace,
            ChannelUser.user_id == person.user_id,
        )
        .order_by(Message.id.desc())
        .limit(1)
    )
    return found
