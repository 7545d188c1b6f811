"""A message of the outbox as a channel sends it: its words, where to, and who may read it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select

from bot.services.conversation import transcript
from bot.services.core.context import Context
from bot.services.outbox.outcomes import NotNeeded
from bot.store.tables import ChannelThread, ChannelUser, Conversation, Issue, Message, OutboxItem


@dataclass(frozen=True)
class Outgoing:
    """A message ready to be sent. ``message`` is its public form (see ``conversation.transcript``); ``reference`` is
    where to, as the channel stored it; ``private``: only the customer may read it; ``tech_reference`` belongs on
    every message about the issue; ``user_id`` is the customer as the channel knows them.
    """

    conversation_id: str
    message: dict[str, Any]
    private: bool
    tech_reference: str | None
    workspace: str
    shared: bool
    reference: dict[str, Any]
    user_id: str | None


async def outgoing(ctx: Context, item: OutboxItem) -> Outgoing:
    """Return the message of an outbox item; raises NotNeeded when the conversation was erased."""
    user = and_(ChannelUser.customer_id == Conversation.customer_id, ChannelUser.channel == item.target)
    query = (
        select(Message, ChannelThread, Conversation.erased_at, Issue.reference, ChannelUser.user_id)
        .join(ChannelThread, ChannelThread.conversation_id == Message.conversation_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .outerjoin(Issue, Issue.id == Conversation.issue_id)
        .outerjoin(ChannelUser, user)
        .where(Message.id == item.message_id)
        .limit(1)
    )
    async with ctx.db.read() as session:
        row = (await session.execute(query)).first()
        if row is None or row[2] is not None:
            raise NotNeeded
        message, thread, _, reference, user_id = row
        return Outgoing(
            conversation_id=message.conversation_id,
            message=(await transcript.public_messages(session, [message]))[0],
            private=message.private,
            tech_reference=message.reference or reference,
            workspace=thread.workspace,
            shared=thread.shared,
            reference=thread.reference,
            user_id=user_id,
        )


async def thread_of(ctx: Context, conversation_id: str) -> ChannelThread | None:
    """Return the thread that a conversation is held in outside; None when it is held on the web."""
    async with ctx.db.read() as session:
        return await session.get(ChannelThread, conversation_id)
