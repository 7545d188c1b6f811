"""A copy of the conversation by e-mail, for the customer who holds it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import continue_link, customer_mail, lifecycle, thread_privacy, transcript
from bot.services.core import rate_limits
from bot.services.core.context import Context
from bot.services.core.errors import AddressUnproven, MailOff, NoAddress
from bot.services.mail import outgoing_mail
from bot.services.mail.outgoing_mail import OutgoingMail
from bot.services.mail.proven_address import is_proven
from bot.store.lookup import its_issue
from bot.store.tables import Conversation, Issue
from bot.triage.text.print_lines import plain

WEB, CUSTOMER = "web", "customer"
NO_ADDRESS = "That is not an e-mail address; nothing was sent. Check it for a slip."
AN_HOUR = rate_limits.Limit(burst=3, per_second=3 / 3600)
ALL_CUSTOMERS = "transcript:unproven"


@dataclass(frozen=True)
class Sent:
    """The mail that was queued: to whom, and whether it is the ``copy`` itself or only a ``link`` to it."""

    to: str
    what: str


async def request_transcript(
    ctx: Context, conversation_id: str, email: object = None, *, client: str | None = None
) -> Sent:
    """Mail the conversation to ``email``, else to the address the customer gave for it.

    The copy goes to an address that the customer has proven to be theirs. Any other gets a link that holds none of
    their words: otherwise anybody could have us mail any text to any stranger. ``client`` is the network address that
    asks. Raises Conflict (``mail_off``, ``address_unproven``), Invalid (``no_address``), TooMany.
    """
    if email is not None and not isinstance(email, str):
        raise NoAddress(NO_ADDRESS)
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, conversation_id)
        return await enqueue_transcript(session, ctx, conversation, email, client=client)


async def enqueue_transcript(
    session: AsyncSession, ctx: Context, conversation: Conversation, email: str | None, *, client: str | None
) -> Sent:
    """Return the same inside a transaction."""
    if email is not None and outgoing_mail.address(email) is None:
        raise NoAddress(NO_ADDRESS)
    rate_limits.check_limit(ctx, f"transcript:{conversation.id}", AN_HOUR)
    asks = client or f"customer-{conversation.customer_id}"
    rate_limits.check_limit(ctx, f"transcript:from:{asks}", rate_limits.transcript_limit(ctx))
    if not await outgoing_mail.works(session, ctx):
        raise MailOff("E-mail does not work just now; nothing was sent. The conversation stays here.")
    to = outgoing_mail.address(email) if email else await customer_mail.address_of(session, conversation)
    if to is None:
        raise NoAddress("We know no e-mail address of yours yet; nothing was sent. Name one.")
    proven = await is_proven(session, conversation, to)
    letter = await (_copy if proven else _link)(session, ctx, conversation, to)
    if await outgoing_mail.enqueue(session, ctx, letter, conversation) is None:
        raise MailOff("That address has had many mails from us today; nothing was sent. Try tomorrow.")
    return Sent(to, "copy" if proven else "link")


async def _copy(session: AsyncSession, ctx: Context, conversation: Conversation, to: str) -> OutgoingMail:
    """Return the conversation as text, without what was said in private or in confidence."""
    issue = await its_issue(session, conversation)
    messages = await transcript.messages_after(session, conversation.id, 0)
    left_out = ctx.support.email.texts.left_out.strip()
    confided = [message["text"] for message in messages if message.get("private") and message["author"] == CUSTOMER]
    values = await thread_privacy.confided_values(session, conversation)
    told = [
        left_out if message.get("private") or thread_privacy.repeats(message["text"], values, confided) else text
        for message, text in ((message, _transcript_entry(ctx, conversation, message)) for message in messages)
    ]
    text = ctx.support.email.texts.transcript.format(
        reference=issue.reference if issue else "–", transcript="\n\n".join(told)
    )
    subject = _subject(ctx, conversation, issue)
    return OutgoingMail(_key(conversation), "transcript", to, subject, text, holds_customer_words=True)


async def _link(session: AsyncSession, ctx: Context, conversation: Conversation, to: str) -> OutgoingMail:
    """Return a mail that leads to the conversation and quotes none of it."""
    if conversation.channel != WEB:
        raise AddressUnproven(
            "A copy goes only to an address that has been proven to be yours; nothing was sent. "
            "Everything that was said stays here.",
        )
    rate_limits.check_limit(ctx, ALL_CUSTOMERS, rate_limits.unproven_mail_limit(ctx))
    issue = await its_issue(session, conversation)
    text = ctx.support.email.texts.transcript_link.format(
        reference=issue.reference if issue else "–",
        link=await continue_link.link_to(session, ctx, conversation),
        until=customer_mail.customer_moment(
            ctx, conversation, ctx.clock() + timedelta(hours=ctx.support.email.link_hours)
        ),
        phone=ctx.office_for(conversation).phone,
    )
    subject = _subject(ctx, conversation, issue)
    return OutgoingMail(_key(conversation), "transcript", to, subject, text, secret=True, asked_for=True)


def _subject(ctx: Context, conversation: Conversation, issue: Issue | None) -> str:
    office = ctx.office_for(conversation)
    other = office.email.subjects.transcript.format(company=office.company)
    return customer_mail.subject_of(ctx, issue) if issue else other


def _key(conversation: Conversation) -> str:
    return f"transcript:{conversation.id}:{secrets.token_hex(8)}"


def _transcript_entry(ctx: Context, conversation: Conversation, message: dict[str, Any]) -> str:
    files = "".join(f"\n[file: {file['name']}]" for file in message["attachments"])
    at = customer_mail.customer_moment(ctx, conversation, datetime.fromisoformat(message["created_at"]))
    return f"{at}, {message['author_name']}:\n{plain(message['text'])}{files}"
