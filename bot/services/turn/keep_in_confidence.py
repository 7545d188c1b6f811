"""Mark what a customer has written as meant for support alone, when they ask for that afterwards."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation.transcript import note_revision
from bot.services.intake.draft import Draft, confide
from bot.store.tables import Conversation, Message


async def keep_in_confidence(
    session: AsyncSession, conversation: Conversation, draft: Draft | None, message_id: int, now: datetime
) -> None:
    """Make the messages that the same person typed up to this one private, with the answers taken from them.

    The title of a pressed quick reply is our own sentence and stays as it is.
    """
    asking = await session.get_one(Message, message_id)
    written = select(Message).where(
        Message.conversation_id == conversation.id,
        Message.author == "customer",
        Message.channel_user_id.is_not_distinct_from(asking.channel_user_id),
        Message.seq <= asking.seq,
        Message.private.is_(False),
    )
    for message in await session.scalars(written):
        if message.chosen is None:
            message.private = True
            note_revision(conversation, message, now)
    if draft is not None:
        await confide(session, draft, now)
