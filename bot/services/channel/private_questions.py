"""Questions of a shared thread that were asked in private: an answer in the personal chat belongs to the thread."""

from datetime import timedelta

from sqlalchemy import Select, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.intake.answer_question import answers_in_private
from bot.services.channel.channel_people import Person
from bot.services.conversation import bundles, thread_privacy
from bot.services.core.context import Context
from bot.store.tables import ChannelThread, ChannelUser, Conversation, Message, OutboxItem

# Later than that, a message in the personal chat more likely begins something new.
WAITS = timedelta(hours=24)


async def answered_by(ctx: Context, channel: str, person: Person, text: str) -> str | None:
    """Return the outside id of the question put to this person in private that ``text`` answers; None if it does not.

    What was only told in private is no question. A message that is no answer belongs to the personal chat that it was
    written in: it is nobody else's business, and is answered there.
    """
    async with ctx.db.read() as session:
        row = (await session.execute(_last_private_question(channel, person))).first()
        if row is None:
            return None
        message, outside_id, user_id = row
        if message.created_at < ctx.clock() - WAITS or await _has_written_since(session, message, user_id):
            return None
        conversation = await session.get_one(Conversation, message.conversation_id)
        asked = await thread_privacy.private_question(session, conversation)
    return str(outside_id) if asked is not None and answers_in_private(asked, text) else None


def _last_private_question(channel: str, person: Person) -> Select[tuple[Message, str | None, int]]:
    """Return what we last told this person alone in a thread of theirs that others can read."""
    return (
        select(Message, OutboxItem.outside_id, ChannelUser.id)
        .join(OutboxItem, and_(bundles.sends(), OutboxItem.outside_id.is_not(None)))
        .join(ChannelThread, and_(ChannelThread.conversation_id == Message.conversation_id, ChannelThread.shared))
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(ChannelUser, ChannelUser.customer_id == Conversation.customer_id)
        .where(
            Message.private,
            ChannelUser.channel == channel,
            ChannelUser.workspace == person.workspace,
            ChannelUser.user_id == person.user_id,
        )
        .order_by(Message.id.desc())
        .limit(1)
    )


async def _has_written_since(session: AsyncSession, message: Message, user_id: int) -> bool:
    later = select(Message.id).where(
        Message.conversation_id == message.conversation_id,
        Message.seq > message.seq,
        Message.channel_user_id == user_id,
    )
    return await session.scalar(later.limit(1)) is not None
