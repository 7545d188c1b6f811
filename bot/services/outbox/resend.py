"""Send again what waits or has failed, at once and with the patience of a new item."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.errors import AlreadyDelivered, NotResendable
from bot.services.outbox.items import DELIVERED, QUEUED
from bot.services.outbox.status import can_resend
from bot.store.tables import Conversation, OutboxItem


def queue_again(
    session: AsyncSession, item: OutboxItem, now: datetime, actor: str, conversation: Conversation | None
) -> None:
    """Queue the item, locked, again, from the part that was not sent; raise AlreadyDelivered or NotResendable."""
    if item.state in DELIVERED:
        raise AlreadyDelivered("This has been delivered meanwhile; it was not sent again.")
    if not can_resend(item):
        raise NotResendable("This cannot be sent again: its text was erased, or nobody needs it any more.")
    if item.expires_at is not None:
        item.expires_at = now + (item.expires_at - item.created_at)
    item.state, item.due_at, item.created_at, item.done_at = QUEUED, now, now, None
    item.attempts, item.error, item.trouble = 0, None, False
    if conversation is not None:
        conversation.updated_at = now
    details = {"item": item.id, "kind": item.kind}
    audit.record(session, actor, "outbox.resend", now, conversation=conversation, details=details)
