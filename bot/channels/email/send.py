"""Send what we say as mails: one for each bundle, in text and HTML, in the thread that the customer's program shows."""

import html
import logging
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from typing import Any
from urllib.parse import urljoin

from bot.channels.email.handler import address_with, sender_of
from bot.channels.render_html import to_html
from bot.services.channel import mail_threads
from bot.services.channel.answered import Answered
from bot.services.channel.outgoing import Outgoing
from bot.services.conversation import attachments
from bot.services.conversation.continue_link import own_address
from bot.services.core.context import Context
from bot.services.core.errors import NotFound
from bot.services.core.worker_threads import FILES
from bot.services.mail.mail_server import BuiltMail, message_id, server_of
from bot.services.outbox.outcomes import Refused
from bot.triage.privacy.confidence import quotes
from bot.triage.text.mail_address import sendable
from bot.triage.text.print_lines import plain

log = logging.getLogger(__name__)

_PAGE = '<!DOCTYPE html><html><body style="font-family: sans-serif; line-height: 1.5; max-width: 40em">{}</body></html>'
Part = dict[str, Any]


class EmailDeliver:
    """``Deliver`` for e-mail. The server sets its own pace, and says so."""

    seconds_apart = 0.0

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def rate_key(self, outgoing: Outgoing) -> str:
        return outgoing.conversation_id

    async def parts(self, outgoing: Outgoing) -> Sequence[Part]:
        """Return one mail. To an address that may be anybody's it repeats nothing of what was written to us: whoever
        writes under a false name would have us send their words to somebody else.
        """
        blocks = _blocks(outgoing.messages, own_address(self._ctx))
        titles = [str(choice["title"]) for choice in outgoing.choices]
        if len(titles) == 1:
            blocks.append(self._ctx.support.email.texts.one_answer.format(answer=titles[0]))
        elif titles:
            blocks.append("\n".join(f"- {title}" for title in titles))
        if not outgoing.reference.get("proven"):
            written = await mail_threads.customer_words(self._ctx, outgoing.conversation_id)
            if quotes("\n".join(blocks), written):
                blocks = [self._ctx.support.email.texts.confirm.strip()]
        files = [file["attachment_id"] for file in outgoing.attachments]
        return [{"blocks": blocks, "files": files}] if blocks or files else []

    def smaller(self, part: Part) -> Sequence[Part]:
        return [part]

    async def send(self, outgoing: Outgoing, part: Part) -> str | None:
        """Send it and return its Message-ID, which is the same at every attempt."""
        outside_id = self._id(outgoing)
        try:
            mail = await self._built(outgoing, part, outside_id)
        except (ValueError, IndexError, UnicodeError) as error:
            # Another try would build the same mail.
            log.error("a mail cannot be built: %s", type(error).__name__)
            raise Refused(f"mail: {type(error).__name__}") from error
        name = f"{outgoing.conversation_id}-{outgoing.messages[0]['seq']:06d}.eml"
        async with server_of(self._ctx).accepting(name, mail):
            return outside_id

    def _id(self, outgoing: Outgoing) -> str:
        domain = sendable(self._ctx.support.email.from_address).rpartition("@")[2]
        return message_id(self._ctx, f"message {outgoing.conversation_id} {outgoing.messages[0]['seq']}", domain)

    async def _built(self, outgoing: Outgoing, part: Part, outside_id: str) -> BuiltMail:
        ctx, reference = self._ctx, outgoing.reference
        office, sender = ctx.support.for_product(outgoing.product), sender_of(ctx, outgoing.product)
        to = sendable(str(reference["address"]))
        copied = [] if outgoing.private else [sendable(one) for one in reference.get("cc", ())]
        message = EmailMessage(policy=SMTP_POLICY)
        name = f"{outgoing.technician} ({office.company})" if outgoing.technician else office.company
        message["From"] = Address(name, addr_spec=sender)
        message["To"] = Address(addr_spec=to)
        if copied:
            message["Cc"] = [Address(addr_spec=one) for one in copied]
        message["Reply-To"] = Address(office.company, addr_spec=address_with(sender, str(reference["token"])))
        message["Subject"] = self._subject(outgoing)
        message["Date"] = format_datetime(ctx.clock())
        message["Message-ID"] = outside_id
        if answers := [str(one) for one in reference.get("answers", ())]:
            message["In-Reply-To"] = answers[0]
            message["References"] = " ".join(reversed(answers))
        if outgoing.technician is None:
            message["Auto-Submitted"] = "auto-replied"
        # No answers of absence, and none to those: https://learn.microsoft.com/openspecs/exchange_server_protocols
        message["X-Auto-Response-Suppress"] = "All"
        signature = office.email.texts.signature.format(company=office.company, phone=office.phone)
        words = "\n\n".join(plain(block) for block in part["blocks"])
        message.set_content(f"{words}\n\n-- \n{signature.strip()}\n", cte="quoted-printable")
        message.add_alternative(_html(part["blocks"], signature), subtype="html", cte="quoted-printable")
        for attachment_id in part["files"]:
            await self._attach(outgoing, message, attachment_id)
        return BuiltMail(sender, (to, *copied), message.as_bytes())

    def _subject(self, outgoing: Outgoing) -> str:
        """Return a subject with the reference; with the customer's own words only to the address they come from."""
        office, reference = self._ctx.support.for_product(outgoing.product), outgoing.tech_reference
        if not outgoing.reference.get("proven"):
            about = office.wording.email_subject.format(reference=reference) if reference else ""
            return about or office.email.subjects.answer.format(company=office.company)
        own = " ".join(str(outgoing.reference.get("subject", "")).split())
        subject = f"Re: {own}" if own else office.email.subjects.answer.format(company=office.company)
        return subject if reference is None or reference in subject else f"{subject} [{reference}]"

    async def _attach(self, outgoing: Outgoing, message: EmailMessage, attachment_id: str) -> None:
        try:
            stored = await attachments.find_attachment(self._ctx, outgoing.conversation_id, attachment_id)
        except NotFound as error:
            raise Refused("file_removed") from error
        main, _, sub = stored.attachment.content_type.partition("/")
        data = await FILES.run(stored.path.read_bytes)
        message.add_attachment(data, maintype=main, subtype=sub, filename=stored.attachment.name)

    async def show_answer(self, parts: Sequence[Part], answered: Answered) -> None:
        """Do nothing: a mail has no buttons, and nobody can change it."""

    async def typing(self, reference: dict[str, Any], workspace: str, on: bool) -> None:
        """Do nothing: nobody watches a mail being written."""

    async def close(self) -> None:
        """Do nothing: each mail has a connection of its own."""


def _blocks(messages: Sequence[dict[str, Any]], base: str) -> list[str]:
    """Return the words of the messages, and below each the pages of the manual that it names, each page once."""
    blocks: list[str] = []
    named: set[str] = set()
    for message in messages:
        blocks += [message["text"]] if message["text"] else []
        for card in message["cards"]:
            address = urljoin(f"{base}/", card.get("url") or "")
            if address not in named:
                named.add(address)
                blocks.append(f"[{card['title']}]({address})" if card.get("url") else str(card["title"]))
    return blocks


def _html(blocks: Sequence[str], signature: str) -> str:
    shown = "".join(f'<div style="margin: 0 0 1em">{to_html(block)}</div>' for block in blocks)
    below = "<br>".join(html.escape(line) for line in signature.strip().split("\n"))
    return _PAGE.format(f'{shown}<div style="color: #666">-- <br>{below}</div>')
