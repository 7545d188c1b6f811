"""Administrators hear of a webhook that was paused: by one mail each."""

from typing import Any

from sqlalchemy import select

from bot.services.core.context import Context
from bot.services.outbox.items import MAIL
from bot.services.technician import accounts
from bot.services.upkeep import paused_webhooks
from bot.store.tables import OutboxItem, WebhookEndpoint

URL = "https://hooks.brightsons.example/techref"


async def mailed(ctx: Context) -> list[str]:
    async with ctx.db.read() as session:
        return list(await session.scalars(select(OutboxItem.target).where(OutboxItem.kind == MAIL)))


async def endpoint(ctx: Context, **fields: Any) -> None:
    password = "correct horse battery"
    boss = await accounts.add_technician(ctx, email="boss@vendor.example", name="Boss", password=password, role="admin")
    await accounts.add_technician(ctx, email="ana@vendor.example", name="Ana", password=password)
    given = {"name": "Billing", "url": URL, "events": [], "secret": "sealed", "technician_id": boss.id}
    async with ctx.db.write() as session:
        session.add(WebhookEndpoint(**given, created_at=ctx.clock(), **fields))


async def test_each_administrator_is_mailed_once_for_a_pause(ctx: Context) -> None:
    await endpoint(ctx, paused_at=ctx.clock())
    for _ in range(3):
        await paused_webhooks.mail_administrators(ctx)
    assert await mailed(ctx) == ["boss@vendor.example"]


async def test_one_that_is_on_mails_nobody(ctx: Context) -> None:
    await endpoint(ctx, failing_since=ctx.clock())
    await paused_webhooks.mail_administrators(ctx)
    assert await mailed(ctx) == []
