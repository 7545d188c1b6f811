"""Bundle the messages that one transaction stores, such as the replies of a turn: they leave as one.

A bundle is an item of the outbox with several messages. It is put together when they are stored, so that every attempt
to send it, in whatever process, sends the same.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.outbox.items import message_item
from bot.store.tables import Conversation, Message, OutboxItem

TECHNICIAN = "technician"
_OPEN = "open_bundle"


@dataclass(frozen=True)
class _Bundle:
    """The item that this transaction made last, and its last message."""

    item: OutboxItem
    last: Message


def queue_message(session: AsyncSession, conversation: Conversation, message: Message, now: datetime) -> bool:
    """Queue a message of ours for the conversation's channel, in the bundle of those stored right before it.

    Return whether it begins a bundle.
    """
    bundle: _Bundle | None = session.info.get(_OPEN)
    if bundle is not None and _goes_with(bundle.last, message):
        bundle.item.last_message_id = message.id
        session.info[_OPEN] = _Bundle(bundle.item, message)
        return False
    item = message_item(message.id, conversation.id, conversation.channel, now)
    session.add(item)
    session.info[_OPEN] = _Bundle(item, message)
    return True


def _goes_with(last: Message, message: Message) -> bool:
    """Return whether both may be one message outside: the same readers, next to each other, no technician's words."""
    return (
        message.conversation_id == last.conversation_id
        and message.seq == last.seq + 1
        and message.private == last.private
        and TECHNICIAN not in (message.author, last.author)
    )


def sends() -> ColumnElement[bool]:
    """Return the condition that an item of the outbox sends a message."""
    return and_(
        OutboxItem.conversation_id == Message.conversation_id,
        Message.id.between(OutboxItem.message_id, OutboxItem.last_message_id),
    )


def is_at(outside_id: str) -> ColumnElement[bool]:
    """Return the condition that an item of the outbox became the message ``outside_id`` of its channel."""
    return or_(OutboxItem.outside_id == outside_id, OutboxItem.last_outside_id == outside_id)
