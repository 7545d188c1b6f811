"""Require that somebody is the one who is asked in a conversation that others may read along: its customer."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.channel.channel_people import Person
from bot.services.core.context import Context
from bot.services.core.errors import NotYourQuestion
from bot.store.tables import ChannelUser, Conversation


async def require_asked(
    session: AsyncSession, ctx: Context, channel: str, conversation_id: str, person: Person
) -> Conversation:
    """Return the conversation if this is its customer; raises NotYourQuestion, also where there is no such one."""
    query = (
        select(Conversation)
        .join(ChannelUser, ChannelUser.customer_id == Conversation.customer_id)
        .where(
            Conversation.id == conversation_id,
            Conversation.erased_at.is_(None),
            ChannelUser.channel == channel,
            ChannelUser.workspace == person.workspace,
            ChannelUser.user_id == person.user_id,
        )
    )
    found: Conversation | None = await session.scalar(query)
    if found is None:
        raise NotYourQuestion(ctx.support.chat.not_your_question)
    return found


async def is_asked(ctx: Context, channel: str, conversation_id: str, person: Person) -> bool:
    """Return whether this is the customer of the conversation."""
    async with ctx.db.read() as session:
        try:
            await require_asked(session, ctx, channel, conversation_id, person)
        except NotYourQuestion:
            return False
    return True
