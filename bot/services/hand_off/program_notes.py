"""Private notes that a program writes: a machine with a key, or a tracker."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.hand_off import transitions
from bot.store.tables import Conversation, Note
from bot.store.unit_of_work import after_commit


async def keep_note(session: AsyncSession, ctx: Context, conversation: Conversation, text: str, author: str) -> Note:
    """Return a new private note of a conversation, which is locked, by a program of this name."""
    now = ctx.clock()
    note = Note(
        conversation_id=conversation.id,
        author_name=author,
        after_seq=conversation.last_seq,
        text=text,
        created_at=now,
    )
    session.add(note)
    conversation.updated_at = now
    await session.flush()
    after_commit(session, transitions.wake_conversation, ctx, conversation)
    return note
