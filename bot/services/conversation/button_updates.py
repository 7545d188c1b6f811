"""Queue that a message outside shows what was answered instead of its quick replies, once they are over.

Quick replies are over when one of them was chosen, and when the customer has written since and was answered. That is
kept in the outbox: its item of kind ``button_update`` is unique for each message outside, and does the update.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, Text, cast, exists, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.services.conversation import bundles
from bot.services.outbox import items
from bot.services.outbox.items import BUTTON_UPDATE, MESSAGE
from bot.store.tables import Conversation, Message, OutboxItem

# More than one turn can leave behind; older ones have been closed before.
MOST_AT_ONCE = 3
_KEY = "buttons:"


async def close_chosen(session: AsyncSession, conversation: Conversation, press: Message, now: datetime) -> None:
    """Queue that the message which offered what ``press`` chose shows the choice and who chose it."""
    chosen = press.chosen or {}
    offered = _items(conversation).where(Message.seq == chosen["seq"])
    for item_id in await session.scalars(offered):
        await _enqueue(session, conversation, item_id, now, choice=chosen["id"], by=press.channel_user_id)


async def close_answered(session: AsyncSession, conversation: Conversation, now: datetime) -> None:
    """Queue that quick replies are gone which were offered before the customer last wrote: they have been answered."""
    written = select(func.max(Message.seq)).where(
        Message.conversation_id == conversation.id, Message.author == "customer"
    )
    query = (
        _items(conversation)
        .where(
            Message.seq < written.scalar_subquery(),
            cast(Message.choices, Text) != "[]",
            ~_closed(aliased(OutboxItem)).correlate(OutboxItem),
        )
        .distinct()
        .order_by(OutboxItem.id.desc())
        .limit(MOST_AT_ONCE)
    )
    for item_id in list(await session.scalars(query)):
        await _enqueue(session, conversation, item_id, now)


async def closed_by(session: AsyncSession, conversation: Conversation, seq: int) -> dict[str, Any] | None:
    """Return what closed the quick replies of the message ``seq``: its ``choice``, if one was chosen. None while they
    are open.
    """
    update = aliased(OutboxItem)
    query = select(update.payload).join(OutboxItem, update.key == _key_of(OutboxItem.id)).join(Message, bundles.sends())
    payload: dict[str, Any] | None = await session.scalar(
        query.where(OutboxItem.kind == MESSAGE, Message.conversation_id == conversation.id, Message.seq == seq)
    )
    return payload


def _items(conversation: Conversation) -> Any:
    """Return the query for the items that sent messages of ours in this conversation."""
    return (
        select(OutboxItem.id)
        .join(Message, bundles.sends())
        .where(OutboxItem.kind == MESSAGE, OutboxItem.conversation_id == conversation.id)
    )


def _closed(update: type[OutboxItem]) -> Any:
    return exists().where(update.key == _key_of(OutboxItem.id))


def _key_of(item_id: Any) -> ColumnElement[str]:
    return literal(_KEY).concat(cast(item_id, String))


async def _enqueue(
    session: AsyncSession, conversation: Conversation, item_id: int, now: datetime, **payload: Any
) -> None:
    await items.enqueue(
        session,
        kind=BUTTON_UPDATE,
        key=f"{_KEY}{item_id}",
        target=conversation.channel,
        now=now,
        conversation_id=conversation.id,
        payload={"item": item_id, **payload},
    )
