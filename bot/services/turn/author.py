"""Tell the customer of a thread from the colleagues who write in it."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.channel_names import SLACK, TEAMS
from bot.store.tables import ChannelThread, ChannelUser, Conversation, Message


async def colleague_of(session: AsyncSession, conversation: Conversation, message: Message | None) -> str:
    """Return the name of who wrote a message in a shared thread of Slack or Teams, unless its customer did; else ""."""
    if message is None or message.channel_user_id is None or conversation.channel not in (SLACK, TEAMS):
        return ""
    query = (
        select(ChannelUser.customer_id)
        .join(ChannelThread, ChannelThread.conversation_id == conversation.id)
        .where(ChannelUser.id == message.channel_user_id, ChannelThread.shared)
    )
    writer = await session.scalar(query)
    return message.author_name if writer is not None and writer != conversation.customer_id else ""
