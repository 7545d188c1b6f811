"""Positions of technicians in conversations, so that what came since is marked wherever they look."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.core.topics import DESK
from bot.services.desk import mentions
from bot.services.technician import access
from bot.store.tables import ConversationRead, Technician
from bot.store.unit_of_work import after_commit, unit_of_work


@unit_of_work()
async def mark_read(
    session: AsyncSession, ctx: Context, technician: Technician, conversation_id: str, seq: int
) -> None:
    """Note that the technician has read up to ``seq``; an older position changes nothing. Raises NotFound."""
    conversation = await access.load_readable(session, technician, conversation_id)
    await mentions.mark_mentions_read(session, ctx, technician, conversation_id)
    reached = min(seq, conversation.last_seq)
    kept = await session.get(ConversationRead, (technician.id, conversation_id))
    if kept is None:
        session.add(ConversationRead(technician_id=technician.id, conversation_id=conversation_id, seq=reached))
    elif kept.seq < reached:
        kept.seq = reached
    else:
        return
    after_commit(session, ctx.wake, DESK)
