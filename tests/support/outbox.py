"""The outbox as its worker goes through it, one look at a time."""

from typing import Any

from sqlalchemy import select

from bot.services.core.context import Context
from bot.services.mail.mail_sender import MailSender
from bot.services.mail.outgoing_mail import OutgoingMail
from bot.services.outbox import leases
from bot.services.outbox.items import MAIL
from bot.services.outbox.process import Sender, process
from bot.store.tables import OutboxItem


async def send_due(ctx: Context, *senders: Sender) -> int:
    """Send every item that is due, each once, in the order of their ids; return how many were tried."""
    by_kind = {sender.kind: sender for sender in senders}
    due = await leases.due(ctx, {kind: sender.targets() for kind, sender in by_kind.items()}, 200)
    for item_id, kind in due:
        await process(ctx, item_id, by_kind[kind])
    return len(due)


async def send_mail(ctx: Context) -> int:
    return await send_due(ctx, MailSender(ctx))


async def outbox_items(ctx: Context, kind: str | None = None) -> list[OutboxItem]:
    """Return all items, or those of one kind, in the order in which they were queued."""
    query = select(OutboxItem).order_by(OutboxItem.id)
    async with ctx.db.read() as session:
        return list(await session.scalars(query if kind is None else query.where(OutboxItem.kind == kind)))


async def mails(ctx: Context, letter: str | None = None) -> list[OutboxItem]:
    """Return the mails, all or those of one letter."""
    return [one for one in await outbox_items(ctx, MAIL) if letter is None or payload(one)["letter"] == letter]


def payload(item: OutboxItem) -> dict[str, Any]:
    return item.payload or {}


def a_mail(key: str, kind: str, to: str, subject: str, text: str, **more: Any) -> OutgoingMail:
    """Return a mail without customers' words, which any address may get."""
    return OutgoingMail(key, kind, to, subject, text, **more)
