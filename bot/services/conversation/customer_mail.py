"""Mails to a customer about their issue: its reference, a technician's answer, a copy of the conversation."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import CONTACT
from bot.services.conversation import continue_link
from bot.services.core.context import Context
from bot.services.mail import outgoing_mail
from bot.services.mail.outgoing_mail import OutgoingMail
from bot.services.mail.proven_address import is_proven
from bot.store.tables import ChannelThread, Conversation, Customer, Intake, IntakeAnswer, Issue, OutboxItem
from bot.triage.hours.customer_zone import zone_of
from bot.triage.reading.contact_details import find_email
from bot.triage.text.time_format import format_moment


async def address_of(session: AsyncSession, conversation: Conversation) -> str | None:
    """Return where the customer wants to get mail: as they last answered in this conversation, else as their
    site says.
    """
    answered = (
        select(IntakeAnswer.value)
        .join(Intake, Intake.id == IntakeAnswer.intake_id)
        .where(Intake.conversation_id == conversation.id, IntakeAnswer.question_id == CONTACT)
        .order_by(IntakeAnswer.id.desc())
        .limit(1)
    )
    return await _address_in(session, conversation, await session.scalar(answered) or "")


async def _address_in(session: AsyncSession, conversation: Conversation, contact: str) -> str | None:
    """Return the address in what the customer answered, else the one that their site says."""
    customer = await session.get_one(Customer, conversation.customer_id)
    return outgoing_mail.address(find_email(contact) or customer.email)


async def confirm_reference(
    session: AsyncSession, ctx: Context, conversation: Conversation, issue: Issue, contact: str
) -> OutboxItem | None:
    """Mail the reference to the address in ``contact``, as the customer gave it; None when there is none.

    It holds none of their words: an address that was mistyped, or typed in malice, gets nothing worth having.
    """
    to = await _address_in(session, conversation, contact)
    if to is None or await _is_answered_at(session, conversation, to):
        return None
    office = ctx.office_for(conversation)
    text = office.email.texts.reference.format(reference=issue.reference, phone=office.phone)
    key = f"reference:{issue.id}:{_short(to)}"
    mail = OutgoingMail(key, "reference", to, subject_of(ctx, issue), text)
    return await outgoing_mail.enqueue(session, ctx, mail, conversation)


async def _is_answered_at(session: AsyncSession, conversation: Conversation, address: str) -> bool:
    """Return whether our answers in this conversation are mails to the address: they name the reference themselves."""
    thread = await session.get(ChannelThread, conversation.id)
    return thread is not None and thread.reference.get("address") == address.lower()


async def enqueue_reply_mail(
    session: AsyncSession, ctx: Context, conversation: Conversation, issue: Issue, technician: str, first_seq: int
) -> OutboxItem | None:
    """Mail that a technician has answered; once for the burst of answers that begins with ``first_seq``.

    The answer itself stays here. A proven address gets a link to it. Any other, which may have a slip in it, is told
    only that there is an answer: nobody has asked for this mail, and who opens a link reads the whole conversation.
    """
    to = await address_of(session, conversation)
    key = f"reply:{conversation.id}:{first_seq}"
    if to is None or await outgoing_mail.is_queued(session, key):
        return None
    mail = OutgoingMail(key, "reply", to, subject_of(ctx, issue), _without_link(ctx, issue))
    if await is_proven(session, conversation, to):
        life = timedelta(hours=ctx.support.email.link_hours)
        text = await _with_link(session, ctx, conversation, issue, technician, ctx.clock() + life)
        mail = replace(mail, text=text, useful_for=life, secret=True)
    return await outgoing_mail.enqueue(session, ctx, mail, conversation)


def _without_link(ctx: Context, issue: Issue) -> str:
    office = ctx.office_for(issue)
    return office.email.texts.reply_unproven.format(reference=issue.reference, phone=office.phone)


async def _with_link(
    session: AsyncSession, ctx: Context, conversation: Conversation, issue: Issue, technician: str, until: datetime
) -> str:
    office = ctx.office_for(conversation)
    return office.email.texts.reply.format(
        reference=issue.reference,
        technician=technician,
        link=await continue_link.link_to(session, ctx, conversation),
        until=customer_moment(ctx, conversation, until),
        phone=office.phone,
    )


def customer_moment(ctx: Context, conversation: Conversation, when: datetime) -> str:
    """Return a moment in the customer's own zone, else the office's: ``June 7, 2026, 3:00 p.m. Eastern``."""
    return format_moment(when, zone_of(conversation.time_zone) or ctx.support.office_hours.zone)


def subject_of(ctx: Context, issue: Issue) -> str:
    """Return the subject of every mail about an issue: it carries the reference."""
    return ctx.office_for(issue).wording.email_subject.format(reference=issue.reference)


def _short(address: str) -> str:
    return hashlib.sha256(address.lower().encode()).hexdigest()[:16]
