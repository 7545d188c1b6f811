"""How the customer speaks to us: counted, so that a supervisor can look in after repeated abuse."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services import audit
from bot.services.context import Context
from bot.store.tables import AuditEntry, Conversation

ABUSE = "mood.abusive"


async def count_abuse(session: AsyncSession, ctx: Context, conversation: Conversation) -> int:
    """Record one more abusive message; how many there have been in this conversation."""
    query = select(func.count()).where(AuditEntry.conversation_id == conversation.id, AuditEntry.action == ABUSE)
    earlier = await session.scalar(query) or 0
    audit.record(session, "customer", ABUSE, ctx.clock(), conversation=conversation)
    return earlier + 1
