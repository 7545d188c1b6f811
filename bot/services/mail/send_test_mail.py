"""A test mail: sent at once, and its sender is told what became of it."""

import secrets

from bot.services.core.context import Context
from bot.services.core.errors import MailFailed, NoAddress
from bot.services.mail import outgoing_mail
from bot.services.mail.mail_sending import send_due
from bot.services.mail.mail_server import server_of
from bot.services.mail.outgoing_mail import BOUNCED, SENT, OutgoingMail
from bot.store.tables import Mail


async def send_now(ctx: Context, to: object) -> str:
    """Send a test mail and say in a sentence what the server made of it.

    Raises Invalid for no address, Conflict (``mail_failed``) when it was not taken; it is tried again then.
    """
    if not isinstance(to, str) or outgoing_mail.address(to) is None:
        raise NoAddress("That is not an e-mail address; nothing was sent.")
    email, company = ctx.support.email, ctx.support.company
    letter = OutgoingMail(
        f"test:{secrets.token_hex(8)}",
        "test",
        to,
        email.subjects.test.format(company=company),
        email.texts.test.format(company=company),
    )
    async with ctx.db.write() as session:
        queued = await outgoing_mail.enqueue(session, ctx, letter)
    if queued is None:
        raise MailFailed("That address has had many mails today; nothing was sent. Try another one.")
    await send_due(ctx, server_of(ctx))
    async with ctx.db.read() as session:
        sent = await session.get_one(Mail, queued.id)
    if sent.state == SENT:
        return f"The mail server has taken a test mail to {sent.recipient}."
    if sent.state == BOUNCED:
        raise MailFailed(f"The mail server refused the test mail for good ({sent.problem}).")
    if sent.problem:
        raise MailFailed(f"The test mail was not taken yet ({sent.problem}); it is tried again.")
    return f"E-mail is off, so the test mail was written to a file in {ctx.home / 'mail'}."
