"""A test mail: sent at once, and whoever asked for it learns what became of it."""

import asyncio
import secrets
import time

from bot.services.core.context import Context
from bot.services.core.errors import MailFailed, NoAddress
from bot.services.mail import outgoing_mail
from bot.services.mail.mail_sender import MailSender
from bot.services.mail.mail_server import TIMEOUT_SECONDS
from bot.services.mail.outgoing_mail import OutgoingMail
from bot.services.outbox.items import FAILED, FILED, SENT
from bot.services.outbox.process import process
from bot.store.tables import OutboxItem
from bot.triage.text.mail_address import sendable

LOOK_EVERY_SECONDS = 0.2
# Still being sent when whoever asked was answered.
_sending: set[asyncio.Task[None]] = set()


async def send_now(ctx: Context, to: object) -> str:
    """Send a test mail and say in a sentence what the server made of it.

    Raises NoAddress when no mail can be sent to the address, MailFailed when it was not accepted; it
    is tried again then.
    """
    item = await _queue(ctx, _checked(to))
    deadline = time.monotonic() + TIMEOUT_SECONDS
    await _send(ctx, item)
    sent = await _result(ctx, item.id, deadline)
    if sent.state == SENT:
        return f"The mail server has taken a test mail to {sent.target}."
    if sent.state == FILED:
        return f"E-mail is off, so the test mail was written to a file in {ctx.home / 'mail'}."
    if sent.state == FAILED:
        raise MailFailed(f"The mail server refused the test mail for good ({sent.error}).")
    why = sent.error or "the server has not answered"
    raise MailFailed(f"The test mail was not taken yet ({why}); it is tried again.")


def _checked(to: object) -> str:
    try:
        return sendable(to if isinstance(to, str) else "")
    except ValueError as error:
        said = f"That is not an address that mail can be sent to: {error} Nothing was sent."
        raise NoAddress(said) from None


async def _queue(ctx: Context, to: str) -> OutboxItem:
    email, company = ctx.support.email, ctx.support.company
    mail = OutgoingMail(
        f"test:{secrets.token_hex(8)}",
        "test",
        to,
        email.subjects.test.format(company=company),
        email.texts.test.format(company=company),
    )
    async with ctx.db.write() as session:
        item = await outgoing_mail.enqueue(session, ctx, mail)
    if item is None:
        raise MailFailed("That address has had many mails today; nothing was sent. Try another one.")
    return item


async def _send(ctx: Context, item: OutboxItem) -> None:
    """Send it, and go on after 30 seconds while the server still reads it."""
    sending = asyncio.create_task(process(ctx, item.id, MailSender(ctx)))
    _sending.add(sending)
    sending.add_done_callback(_sending.discard)
    done, _ = await asyncio.wait({sending}, timeout=TIMEOUT_SECONDS)
    for ended in done:
        ended.result()


async def _result(ctx: Context, item_id: int, deadline: float) -> OutboxItem:
    """Return the item once it was tried: the gateway's worker may have leased it before us."""
    while True:
        async with ctx.db.read() as session:
            item = await session.get_one(OutboxItem, item_id)
        if item.tried_at is not None or time.monotonic() > deadline:
            return item
        await asyncio.sleep(LOOK_EVERY_SECONDS)
