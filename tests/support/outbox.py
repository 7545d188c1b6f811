"""The outbox as its worker goes through it, one look at a time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.mail.mail_sender import MailSender
from bot.services.mail.outgoing_mail import OutgoingMail
from bot.services.outbox import leases
from bot.services.outbox.items import MAIL
from bot.services.outbox.process import Sender, process
from bot.store.database import Database
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


def database_is_away(ctx: Context, monkeypatch: pytest.MonkeyPatch, writes: int = 2) -> None:
    """Let the next so many transactions fail as they do while the database server restarts."""
    write, left = Database.write, [writes]

    @asynccontextmanager
    async def fails(*, priority: bool = False) -> AsyncIterator[AsyncSession]:
        if left[0]:
            left[0] -= 1
            raise OperationalError("COMMIT", None, ConnectionError())
        async with write(ctx.db, priority=priority) as session:
            yield session

    monkeypatch.setattr(ctx.db, "write", fails)


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
