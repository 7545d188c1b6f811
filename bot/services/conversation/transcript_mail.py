"""A copy of the conversation by e-mail, for the customer who holds it."""

import secrets
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import customer_mail, lifecycle, transcript
from bot.services.core import rate_limits
from bot.services.core.context import Context
from bot.services.core.errors import Conflict, Invalid
from bot.services.mail import outgoing_mail
from bot.services.mail.outgoing_mail import OutgoingMail
from bot.store.lookup import its_issue
from bot.store.tables import Conversation

NO_ADDRESS = "That is not an e-mail address; nothing was sent. Check it for a slip."
AN_HOUR = rate_limits.Limit(burst=3, per_second=3 / 3600)


async def request_transcript(ctx: Context, conversation_id: str, email: object = None) -> str:
    """Mail the conversation to ``email``, else to the address the customer gave for it; the address.

    Raises Conflict (``mail_off``) when mail does not work, Invalid (``no_address``) without a usable address, TooMany.
    """
    if email is not None and not isinstance(email, str):
        raise Invalid(NO_ADDRESS, "no_address")
    async with ctx.db.write() as session:
        return await enqueue_transcript(session, ctx, await lifecycle.load(session, conversation_id), email)


async def enqueue_transcript(session: AsyncSession, ctx: Context, conversation: Conversation, email: str | None) -> str:
    """The same inside a transaction."""
    if email is not None and outgoing_mail.address(email) is None:
        raise Invalid(NO_ADDRESS, "no_address")
    rate_limits.check_limit(ctx, f"transcript:{conversation.id}", AN_HOUR)
    if not await outgoing_mail.works(session, ctx):
        raise Conflict("E-mail does not work just now; nothing was sent. The conversation stays here.", "mail_off")
    to = outgoing_mail.address(email) if email else await customer_mail.address_of(session, conversation)
    if to is None:
        raise Invalid("We know no e-mail address of yours yet; nothing was sent. Name one.", "no_address")
    if await outgoing_mail.enqueue(session, ctx, await _letter(session, ctx, conversation, to), conversation) is None:
        raise Conflict("That address has had many mails from us today; nothing was sent. Try tomorrow.", "mail_off")
    return to


async def _letter(session: AsyncSession, ctx: Context, conversation: Conversation, to: str) -> OutgoingMail:
    issue = await its_issue(session, conversation)
    messages = await transcript.messages_after(session, conversation.id, 0)
    text = ctx.support.email.texts.transcript.format(
        reference=issue.reference if issue else "–",
        transcript="\n\n".join(_told(message) for message in messages),
    )
    other = ctx.support.email.subjects.transcript.format(company=ctx.support.company)
    subject = customer_mail.subject_of(ctx, issue) if issue else other
    return OutgoingMail(f"transcript:{conversation.id}:{secrets.token_hex(8)}", "transcript", to, subject, text)


def _told(message: dict[str, Any]) -> str:
    files = "".join(f"\n[file: {file['name']}]" for file in message["attachments"])
    return f"{message['created_at'][:16].replace('T', ' ')} UTC, {message['author_name']}:\n{message['text']}{files}"
