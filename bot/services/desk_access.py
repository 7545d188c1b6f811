"""Who may read a conversation at the desk, and the record that somebody did."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services import audit, conversations
from bot.services.context import Context
from bot.services.errors import NotFound
from bot.store.tables import AuditEntry, Conversation, Issue, Technician

READ = "desk.read"
# A technician who works in a conversation reads it all the time: one row says so for this long.
ONE_READING = timedelta(minutes=15)
SEES_ALL = ("supervisor", "admin")


async def open_conversation(ctx: Context, technician: Technician, conversation_id: str) -> None:
    """Let the technician read the conversation, and record it.

    A conversation without an issue is between the customer and the assistant: only supervisors and admins
    read it. Raises NotFound, which looks the same for one that does not exist.
    """
    now = ctx.clock()
    async with ctx.db.read() as session:
        conversation = await readable(session, technician, conversation_id)
        lately = select(AuditEntry.id).where(
            AuditEntry.conversation_id == conversation_id,
            AuditEntry.action == READ,
            AuditEntry.actor == audit.technician(technician),
            AuditEntry.at > now - ONE_READING,
        )
        if await session.scalar(lately.limit(1)) is not None:
            return
    async with ctx.db.write() as session:
        audit.record(session, audit.technician(technician), READ, now, conversation=conversation)


async def readable(session: AsyncSession, technician: Technician, conversation_id: str) -> Conversation:
    """The conversation, if this technician may read it; raises NotFound."""
    conversation = await conversations.load(session, conversation_id)
    if technician.role in SEES_ALL:
        return conversation
    logged = select(Issue.id).where(Issue.conversation_id == conversation_id).limit(1)
    if await session.scalar(logged) is None:
        raise NotFound("There is no such conversation for you.")
    return conversation
