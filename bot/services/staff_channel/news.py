"""The posts under a card: what the customer and the technicians say, and answers to what was written there."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import thread_privacy
from bot.services.core.context import Context
from bot.services.hand_off.pending_events import PENDING
from bot.services.outbox.outcomes import NotNeeded, NotYet
from bot.services.staff_channel import wording
from bot.services.staff_channel.card import shown
from bot.settings.support.teams import ALERTS_ONLY
from bot.store.tables import (
    Attachment,
    Conversation,
    Customer,
    HandOff,
    InboundEvent,
    IncomingFile,
    Message,
    OutboxItem,
    StaffMessage,
    StaffThread,
    Technician,
)
from bot.triage.hand_off.ownership import Owner

LONGEST_SAID = 2500
TURN_SECONDS, LONGEST_TURN_SECONDS = 1.0, 30.0


@dataclass(frozen=True)
class Post:
    """A post in the thread of a card. ``by`` stands above the words. ``note`` is the written message that a button with
    the title ``send`` sends; ``only_to`` is the one person who is to read it, as the platform knows them.

    ``technician`` is whom it is for, (id, e-mail, name): they are mentioned.
    """

    words: str
    by: str = ""
    note: int | None = None
    send: str = ""
    only_to: str | None = None
    technician: tuple[int, str, str] | None = None


async def said(session: AsyncSession, ctx: Context, item: OutboxItem, thread: StaffThread) -> Post:
    """Return a message of the conversation as the thread is shown it.

    Raises NotYet while a customer's message waits for its turn, which may change the card; NotNeeded where the thread
    shows alerts only, or the conversation was erased.
    """
    message = await session.get_one(Message, (item.payload or {})["message"])
    conversation = await session.get_one(Conversation, message.conversation_id)
    if ctx.support.staff_channels.thread == ALERTS_ONLY or conversation.erased_at is not None:
        raise NotNeeded
    customer = await customer_name(session, conversation)
    if message.author == "technician":
        return await _of_technician(session, message, customer)
    await _await_turn(session, ctx, item, conversation, message)
    hidden = await thread_privacy.confided(session, conversation)
    files = [f"{name} ({wording.FILE_AT_DESK})" for name in await _files(session, message)]
    lines = [shown(message.text, hidden, LONGEST_SAID), *files]
    words = wording.CONFIDED if message.private else "\n".join(filter(None, lines))
    if not words:
        raise NotNeeded
    holder = await _holder(session, conversation)
    return Post(words, by=message.author_name if message.author_name != "You" else customer, technician=holder)


async def _files(session: AsyncSession, message: Message) -> list[str]:
    """Return the names of the message's files, also of those that are still to be fetched."""
    kept = select(Attachment.name).where(Attachment.message_id == message.id)
    to_come = select(IncomingFile.name).where(IncomingFile.message_id == message.id)
    return list(dict.fromkeys([*await session.scalars(kept), *await session.scalars(to_come)]))


async def _of_technician(session: AsyncSession, message: Message, customer: str) -> Post:
    """Return that a reply was sent; its words only where they do not stand in a thread already."""
    written = await session.scalar(select(StaffMessage.outcome).where(StaffMessage.message_id == message.id))
    if written is not None:
        return Post(wording.SENT.format(customer=customer))
    files = [f"{name} ({wording.FILE_AT_DESK})" for name in await _files(session, message)]
    lines = "\n".join(filter(None, [message.text[:LONGEST_SAID], *files]))
    words = wording.CONFIDED if message.private else lines
    return Post(words, by=wording.SENT_BY.format(technician=message.author_name, customer=customer))


async def _await_turn(
    session: AsyncSession, ctx: Context, item: OutboxItem, conversation: Conversation, message: Message
) -> None:
    if conversation.owner != Owner.QUEUE or (ctx.clock() - item.created_at).total_seconds() > LONGEST_TURN_SECONDS:
        return
    waiting = select(InboundEvent.id).where(InboundEvent.message_id == message.id, InboundEvent.status == PENDING)
    if await session.scalar(waiting.limit(1)) is not None:
        raise NotYet(TURN_SECONDS)


async def _holder(session: AsyncSession, conversation: Conversation) -> tuple[int, str, str] | None:
    if conversation.owner != Owner.TECHNICIAN or conversation.technician_id is None:
        return None
    technician = await session.get_one(Technician, conversation.technician_id)
    return technician.id, technician.email, technician.name


async def answer(session: AsyncSession, thread: StaffThread, payload: dict[str, Any]) -> Post:
    """Return an answer to what was written under the card."""
    hand_off = await session.get_one(HandOff, thread.hand_off_id)
    conversation = await session.get_one(Conversation, hand_off.conversation_id)
    send = wording.SEND_TO.format(customer=await customer_name(session, conversation))
    return Post(payload["words"], note=payload["note"], send=send, only_to=payload["only_to"])


async def customer_name(session: AsyncSession, conversation: Conversation) -> str:
    """Return the customer's name, or that it is the customer."""
    customer = await session.get_one(Customer, conversation.customer_id)
    return customer.name or wording.CUSTOMER
