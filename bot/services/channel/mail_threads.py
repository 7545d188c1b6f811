"""Find the conversation that a mail belongs to, and what was said in it before.

A token in our address, or the id of a mail of ours, is known to nobody but those whom we have written to. The id of a
mail of theirs, and a Tech Reference in the subject, may be guessed: they count for the thread's own people only.
"""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.channel.arrivals import event_of
from bot.services.channel.channel_people import EMAIL
from bot.services.conversation import bundles
from bot.services.core.context import Context
from bot.services.outbox.items import FAILED, MESSAGE
from bot.store.tables import ChannelThread, ChannelUser, Conversation, Issue, Message, OutboxItem
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.reading.tech_reference import find_references
from bot.triage.text.print_lines import plain

# ``ChannelThread.workspace`` of every mail: a token is unique by itself.
WORKSPACE = "mail"
MOST_REMEMBERED = 300
MOST_ANSWERED = 30


def new_token() -> str:
    """Return what tells a conversation in our address: 100 bits that survive a change of case."""
    return base64.b32encode(secrets.token_bytes(13)).decode().lower()[:20]


@dataclass(frozen=True)
class MailThread:
    """A conversation by mail. ``address`` is the customer's; ``people`` are those who get our mails beside them.

    ``by_secret``: it was found by something that only those know whom we have written to.
    """

    conversation_id: str
    token: str
    reference: dict[str, Any] = field(repr=False)
    by_secret: bool

    @property
    def address(self) -> str:
        return str(self.reference.get("address", ""))

    @property
    def people(self) -> list[str]:
        return list(self.reference.get("cc", ()))

    def knows(self, address: str) -> bool:
        """Return whether this is the customer, or somebody whom the customer has copied in or a technician let in."""
        return address in (self.address, *self.people, *self.reference.get("agreed", ()))


async def find_thread(
    ctx: Context, tokens: Sequence[str], answers: Sequence[str], subject: str, sender: str, *, authenticated: bool
) -> MailThread | None:
    """Return the conversation that a mail goes on with; None for one that begins something new."""
    async with ctx.db.read() as session:
        for token in tokens:
            if found := await _by_token(session, token):
                return found
        for outside_id in answers[:MOST_ANSWERED]:
            if found := await _by_id(session, outside_id, sender):
                return found
        return await _by_reference(session, subject, sender) if authenticated else None


async def _by_token(session: AsyncSession, token: str) -> MailThread | None:
    thread = await session.scalar(
        select(ChannelThread).where(
            ChannelThread.channel == EMAIL, ChannelThread.workspace == WORKSPACE, ChannelThread.thread == token
        )
    )
    return _thread(thread, by_secret=True)


async def _by_id(session: AsyncSession, outside_id: str, sender: str) -> MailThread | None:
    ours: str | None = await session.scalar(
        select(OutboxItem.conversation_id).where(
            OutboxItem.kind == MESSAGE, OutboxItem.target == EMAIL, bundles.is_at(outside_id)
        )
    )
    if ours is not None:
        return _thread(await session.get(ChannelThread, ours), by_secret=True)
    theirs = await event_of(session, EMAIL, outside_id)
    found = _thread(await session.get(ChannelThread, theirs.conversation_id) if theirs else None, by_secret=False)
    return found if found is not None and found.knows(sender) else None


async def _by_reference(session: AsyncSession, subject: str, sender: str) -> MailThread | None:
    """Return the conversation of the issue in the subject, if its customer wrote this and their domain says so."""
    for one in find_references(subject):
        held = (
            select(ChannelThread)
            .join(Issue, Issue.conversation_id == ChannelThread.conversation_id)
            .where(Issue.reference == one.reference, ChannelThread.channel == EMAIL)
        )
        found = _thread(await session.scalar(held), by_secret=False)
        if found is not None and found.address == sender and found.reference.get("proven"):
            return found
    return None


def _thread(thread: ChannelThread | None, *, by_secret: bool) -> MailThread | None:
    if thread is None or thread.channel != EMAIL or thread.thread is None:
        return None
    return MailThread(thread.conversation_id, thread.thread, thread.reference, by_secret)


async def said_before(ctx: Context, thread: MailThread) -> list[str]:
    """Return everything that a reply may quote: the newest messages as we have mailed them, and what stands around."""
    newest = select(Message).where(Message.conversation_id == thread.conversation_id).order_by(Message.seq.desc())
    async with ctx.db.read() as session:
        messages = list(await session.scalars(newest.limit(MOST_REMEMBERED)))
    texts = [text for message in messages for text in (message.text, plain(message.text))]
    texts += [choice["title"] for message in messages for choice in message.choices]
    texts += [str(card.get(name, "")) for message in messages for card in message.cards for name in ("title", "url")]
    email = ctx.support.email.texts
    signatures = [email.signature.format(company=one.company, phone=one.phone) for one in ctx.support.views]
    return [*texts, *signatures, email.confirm]


async def customer_words(ctx: Context, conversation_id: str) -> list[str]:
    """Return what people wrote in a conversation."""
    written = select(Message.text).where(Message.conversation_id == conversation_id, Message.author == "customer")
    async with ctx.db.read() as session:
        return list(await session.scalars(written))


async def has_had_enough(ctx: Context, address: str) -> bool:
    """Return whether the address got as many mails of the assistant today as any may: two programs that write to each
    other come to an end here, whatever their headers say.
    """
    theirs = (
        select(Conversation.id)
        .join(ChannelUser, ChannelUser.customer_id == Conversation.customer_id)
        .where(ChannelUser.channel == EMAIL, ChannelUser.user_id == address)
    )
    lately = select(func.count()).where(
        OutboxItem.kind == MESSAGE,
        OutboxItem.target == EMAIL,
        OutboxItem.conversation_id.in_(theirs),
        OutboxItem.created_at > ctx.clock() - timedelta(days=1),
    )
    async with ctx.db.read() as session:
        return (await session.scalar(lately) or 0) >= ctx.support.email.per_address_a_day


@unit_of_work()
async def note_bounce(session: AsyncSession, ctx: Context, about: Sequence[str], status: str) -> bool:
    """Mark the mail that did not arrive, so that the desk shows it; return whether it was one of ours."""
    for outside_id in about[:MOST_ANSWERED]:
        item = await session.scalar(
            select(OutboxItem).where(OutboxItem.kind == MESSAGE, OutboxItem.target == EMAIL, bundles.is_at(outside_id))
        )
        if item is None:
            continue
        marked = update(OutboxItem).where(OutboxItem.id == item.id)
        await session.execute(marked.values(state=FAILED, error=f"bounced: {status or 'not delivered'}"[:100]))
        after_commit(session, ctx.wake, item.conversation_id)
        return True
    return False
