"""Count abusive messages, so that a supervisor can look in after repeated abuse."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.store.tables import AuditEntry, Conversation

ABUSE = "mood.abusive"


async def count_abuse(session: AsyncSession, ctx: Context, conversation: Conversation, message_id: int | None) -> int:
    """Record one more abusive message, once for each; how many there have been in this conversation."""
    entries = await session.scalars(
        select(AuditEntry).where(AuditEntry.conversation_id == conversation.id, AuditEntry.action == ABUSE)
    )
    counted = {entry.details.get("message") for entry in entries}
    if message_id not in counted:
        audit.record(
            session, "customer", ABUSE, ctx.clock(), conversation=conversation, details={"message": message_id}
        )
    return len(counted | {message_id})
