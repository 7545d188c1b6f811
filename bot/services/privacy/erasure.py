"""Take personal data out of what is kept: a conversation that is old enough, or a whole customer who asked for it.

References, dates, kinds, payments and minutes stay, so that counts and books stay right. What anybody wrote, how to
reach them, files, mails, searches and Rasa's dialogues go.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, delete, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.channel.incoming_files import REFUSED
from bot.services.conversation import attachments, staff_items
from bot.services.core import audit, erased_words
from bot.services.core.context import Context
from bot.services.core.errors import NotFound, StillUnderWay
from bot.services.hand_off.pending_events import DONE, PENDING
from bot.services.mail.mail_server import file_name
from bot.services.outbox.items import DROPPED, IN_CHANNELS, MAIL, QUEUED
from bot.store.locks import lock_conversation, lock_conversations, lock_row
from bot.store.tables import (
    Attachment,
    ChannelThread,
    ChannelUser,
    ContinuationLink,
    Conversation,
    ConversationToken,
    Customer,
    DelayedAction,
    Escalation,
    HandOff,
    InboundEvent,
    IncomingFile,
    Intake,
    IntakeAnswer,
    Issue,
    Message,
    MessageChange,
    Note,
    OneTimeCode,
    OutboxItem,
    Rating,
    SearchRecord,
)
from bot.store.unit_of_work import Superseded, unit_of_work
from bot.triage.hand_off.ownership import Owner

ERASED = ""
UNDER_WAY = (Owner.QUEUE, Owner.TECHNICIAN)
# Column by column: everything that a customer, or somebody about them, may have written. The rest is ids and codes.
_BLANK: tuple[tuple[Any, dict[str, Any]], ...] = (
    (
        Message,
        {
            "text": ERASED,
            "author_name": ERASED,
            "choices": [],
            "cards": [],
            "chosen": None,
            "client_message_id": None,
            "body_hash": None,
        },
    ),
    (Note, {"text": ERASED}),
    (MessageChange, {"text": None}),
    (HandOff, {"note": None}),
    (Rating, {"comment": None}),
    (Escalation, {"title": ERASED, "text": ERASED}),
    (IncomingFile, {"name": ERASED, "source": {}}),
    (SearchRecord, {"question": ERASED, "shown": []}),
    (Issue, {"title": ERASED}),
)
_GONE: tuple[Any, ...] = (ContinuationLink, ConversationToken, DelayedAction, OneTimeCode)


async def erase_customer(ctx: Context, customer_id: int, *, actor: str) -> dict[str, int]:
    """Erase one customer; how many conversations, files and mails that touched.

    Raises NotFound, or Conflict (``under_way``) while one of their conversations waits or is with a technician.
    """
    done = await _erase_customer(ctx, customer_id, actor)
    await ctx.db.overwrite_deleted()
    return done


@unit_of_work()
async def _erase_customer(session: AsyncSession, ctx: Context, customer_id: int, actor: str) -> dict[str, int]:
    now, theirs = ctx.clock(), select(Conversation.id).where(Conversation.customer_id == customer_id)
    conversations = await lock_conversations(session, await session.scalars(theirs))
    # Nobody can begin another conversation of theirs before this is committed.
    customer = await lock_row(session, Customer, customer_id, from_references=True)
    if customer is None:
        raise NotFound("There is no such customer.")
    if set(await session.scalars(theirs)) != {conversation.id for conversation in conversations}:
        raise Superseded
    if any(conversation.owner in UNDER_WAY for conversation in conversations):
        raise StillUnderWay(
            "A conversation of theirs still waits or is with a technician. Resolve it first; nothing was erased.",
        )
    files = sum([await _strip(session, ctx, conversation) for conversation in conversations])
    mails = await _mails(session, ctx, OutboxItem.target == customer.email) if customer.email else 0
    await _forget_person(session, customer)
    customer.erased_at = now
    done = {"conversations": len(conversations), "files": files, "mails": mails}
    audit.record(session, actor, "customer.erase", now, details={"customer": customer_id, **done})
    await erased_words.note_erased(session, ctx)
    return done


async def erase_conversations(
    ctx: Context, conversation_ids: Sequence[str], still_due: Sequence[ColumnElement[bool]]
) -> int:
    """Erase conversations whose time is over, and customers of whom nothing else is left; how many conversations.

    ``still_due``: what must be true of a conversation once it is locked.
    """
    erased = [await _erase_conversation(ctx, conversation_id, still_due) for conversation_id in conversation_ids]
    if any(erased):
        await ctx.db.overwrite_deleted()
    return sum(erased)


@unit_of_work()
async def _erase_conversation(
    session: AsyncSession, ctx: Context, conversation_id: str, still_due: Sequence[ColumnElement[bool]]
) -> bool:
    now, conversation = ctx.clock(), await lock_conversation(session, conversation_id)
    due = select(Conversation.id).where(Conversation.id == conversation_id, *still_due)
    if conversation is None or await session.scalar(due) is None:
        return False
    customer = await lock_row(session, Customer, conversation.customer_id, from_references=True)
    await _strip(session, ctx, conversation)
    audit.record(session, "system", "conversation.erase", now, conversation=conversation)
    left = select(Conversation.id).where(
        Conversation.customer_id == conversation.customer_id, Conversation.erased_at.is_(None)
    )
    if customer is not None and await session.scalar(left.limit(1)) is None:
        await _forget_person(session, customer)
        customer.erased_at = now
    await erased_words.note_erased(session, ctx)
    return True


async def _strip(session: AsyncSession, ctx: Context, conversation: Conversation) -> int:
    """Take the words out of one conversation; the number of its files."""
    here = conversation.id
    files = list(await session.scalars(select(Attachment).where(Attachment.conversation_id == here)))
    for file in files:
        attachments.delete_bytes(ctx, file)
        file.name, file.size, file.sha256 = ERASED, 0, ERASED
    for table, blank in _BLANK:
        await session.execute(update(table).where(table.conversation_id == here).values(blank))
    for table in _GONE:
        await session.execute(delete(table).where(table.conversation_id == here))
    intakes = select(Intake.id).where(Intake.conversation_id == here)
    await session.execute(delete(IntakeAnswer).where(IntakeAnswer.intake_id.in_(intakes)))
    await session.execute(update(ChannelThread).where(ChannelThread.conversation_id == here).values(_NO_THREAD))
    unanswered = update(InboundEvent).where(InboundEvent.conversation_id == here, InboundEvent.status == PENDING)
    await session.execute(unanswered.values(status=DONE, done_at=ctx.clock(), payload=None))
    to_come = update(IncomingFile).where(IncomingFile.conversation_id == here, IncomingFile.status == PENDING)
    await session.execute(to_come.values(status=REFUSED, error="erased"))
    for table in (InboundEvent, MessageChange):
        # The id that a browser or a channel gave it, which may say anything.
        own = literal("erased-").concat(cast(table.id, String))
        await session.execute(update(table).where(table.conversation_id == here).values(source_id=own))
    await _mails(session, ctx, OutboxItem.conversation_id == here)
    for filed in (ctx.home / "mail").glob(f"{here}-*.eml"):
        filed.unlink(missing_ok=True)
    await _send_no_longer(session, OutboxItem.conversation_id == here, ctx.clock())
    outside = (OutboxItem.conversation_id == here, OutboxItem.kind.in_(IN_CHANNELS))
    await session.execute(delete(OutboxItem).where(*outside))
    conversation.page_url = conversation.locale = conversation.time_zone = None
    conversation.erased_at = conversation.updated_at = ctx.clock()
    await staff_items.refresh_cards_of(session, [here], ctx.clock())
    return len(files)


_NO_THREAD: dict[str, Any] = {"thread": None, "reference": {}}


async def _mails(session: AsyncSession, ctx: Context, which: Any) -> int:
    """Take address and words out of mails, with the files that hold them where no server is set; return how many."""
    mails = list(await session.scalars(select(OutboxItem).where(which, OutboxItem.kind == MAIL)))
    await _send_no_longer(session, OutboxItem.id.in_([mail.id for mail in mails]), ctx.clock())
    for mail in mails:
        (ctx.home / "mail" / file_name(mail)).unlink(missing_ok=True)
        letter = (mail.payload or {}).get("letter")
        # The key may hold a hash of the address.
        mail.target, mail.key, mail.payload = ERASED, f"erased-{mail.id}", {"letter": letter}
    await session.flush()
    return len(mails)


async def _send_no_longer(session: AsyncSession, which: Any, now: datetime) -> None:
    """Drop what is queued; a worker that sends it just now records nothing."""
    queued = update(OutboxItem).where(which, OutboxItem.state == QUEUED)
    await session.execute(queued.values(state=DROPPED, done_at=now, lease_until=None, fence=OutboxItem.fence + 1))


async def _forget_person(session: AsyncSession, customer: Customer) -> None:
    customer.subject = customer.name = customer.email = customer.phone = None
    customer.contract_number = customer.contract_proof = None
    for user in await session.scalars(select(ChannelUser).where(ChannelUser.customer_id == customer.id)):
        user.name, user.user_id = None, f"erased-{user.id}"
