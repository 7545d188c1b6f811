"""An item of the outbox as a channel sends it: the messages of a bundle, where to, and who may read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.billing.terms import PROVE
from bot.services.channel import form_offer
from bot.services.conversation import bundles, transcript
from bot.services.conversation.bundles import TECHNICIAN
from bot.services.core.context import Context
from bot.services.outbox.outcomes import NotNeeded
from bot.store.tables import ChannelThread, ChannelUser, Conversation, Issue, Message, OutboxItem, Rating
from bot.triage.issue.issue_status import IssueStatus


@dataclass(frozen=True)
class Outgoing:
    """A bundle ready to be sent. ``messages`` are in public form (see ``conversation.transcript``), one or several in
    order; ``choices`` are the quick replies that can be given; ``reference`` is where to, as the channel stored it;
    ``private``: only the customer may read it; ``tech_reference`` belongs on every message about the issue;
    ``user_id`` is the customer as the channel knows them, ``product`` the one of several that it is about, ``form``:
    the questions that are open can be answered in one form, ``rates``: the customer is asked how well it was handled.
    """

    conversation_id: str
    messages: tuple[dict[str, Any], ...]
    choices: list[dict[str, Any]]
    private: bool
    tech_reference: str | None
    workspace: str
    shared: bool
    reference: dict[str, Any]
    user_id: str | None
    product: str | None = None
    form: bool = False
    rates: bool = False

    @property
    def text(self) -> str:
        """Return all words."""
        return "\n\n".join(message["text"] for message in self.messages if message["text"])

    @property
    def attachments(self) -> list[dict[str, Any]]:
        return [file for message in self.messages for file in message["attachments"]]

    @property
    def author_name(self) -> str:
        return str(self.messages[-1]["author_name"])

    @property
    def technician(self) -> str | None:
        """Return the name of the technician who speaks; None when the assistant does. They share no bundle."""
        return self.author_name if self.messages[-1]["author"] == TECHNICIAN else None


async def outgoing(ctx: Context, item: OutboxItem) -> Outgoing:
    """Return the messages of an outbox item; raises NotNeeded when the conversation was erased."""
    user = and_(ChannelUser.customer_id == Conversation.customer_id, ChannelUser.channel == item.target)
    query = (
        select(ChannelThread, Issue, ChannelUser.user_id, Conversation)
        .join(Conversation, Conversation.id == ChannelThread.conversation_id)
        .outerjoin(Issue, Issue.id == Conversation.issue_id)
        .outerjoin(ChannelUser, user)
        .where(ChannelThread.conversation_id == item.conversation_id, Conversation.erased_at.is_(None))
        .limit(1)
    )
    sent = select(Message).join(OutboxItem, bundles.sends()).where(OutboxItem.id == item.id).order_by(Message.seq)
    async with ctx.db.read() as session:
        row = (await session.execute(query)).first()
        messages = list(await session.scalars(sent))
        if row is None or not messages:
            raise NotNeeded
        thread, issue, user_id, conversation = row
        return Outgoing(
            conversation_id=thread.conversation_id,
            messages=tuple(await transcript.public_messages(session, messages)),
            choices=_choices(messages),
            private=messages[0].private,
            tech_reference=next(
                (message.reference for message in messages if message.reference), issue.reference if issue else None
            ),
            workspace=thread.workspace,
            shared=thread.shared,
            reference=thread.reference,
            user_id=user_id,
            product=conversation.product,
            form=await _asks(session, messages[-1]) and await form_offer.is_offered(session, ctx, conversation),
            rates=issue is not None and await _is_first_since_resolved(session, issue, messages[0]),
        )


def _reference(messages: Sequence[Message], issue: Issue | None) -> str | None:
    named = next((message.reference for message in messages if message.reference), None)
    return named or (issue.reference if issue is not None else None)


async def _is_first_since_resolved(session: AsyncSession, issue: Issue, first: Message) -> bool:
    """Return whether this is the first that we say of an issue that is resolved and not rated."""
    if issue.status != IssueStatus.RESOLVED or issue.resolved_at is None or first.created_at < issue.resolved_at:
        return False
    earlier = select(Message.id).where(
        Message.conversation_id == first.conversation_id,
        Message.seq < first.seq,
        Message.author != "customer",
        Message.created_at >= issue.resolved_at,
    )
    rated = select(Rating.id).where(Rating.issue_id == issue.id)
    return await session.scalar(earlier.limit(1)) is None and await session.scalar(rated) is None


async def _asks(session: AsyncSession, last: Message) -> bool:
    """Return whether this is the assistant's and nothing of ours was said after it."""
    later = select(Message.id).where(
        Message.conversation_id == last.conversation_id, Message.seq > last.seq, Message.author != "customer"
    )
    return last.author == "assistant" and await session.scalar(later.limit(1)) is None


def _choices(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """Return the last question's, and the offer to prove a contract, which is no question and stands beside any."""
    last = next((message.choices for message in reversed(messages) if message.choices), [])
    offers = [choice for message in messages for choice in message.choices if choice["payload"] == PROVE]
    return [{"id": one["id"], "title": one["title"]} for one in [*last, *(one for one in offers if one not in last)]]


async def thread_of(ctx: Context, conversation_id: str) -> ChannelThread | None:
    """Return the thread that a conversation is held in outside; None when it is held on the web."""
    async with ctx.db.read() as session:
        return await session.get(ChannelThread, conversation_id)
