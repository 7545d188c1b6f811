"""Send events to webhooks; one that has failed for days is paused, and its page says so."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit, outbound
from bot.services.core.context import Context
from bot.services.core.encryption import CannotOpen, decrypt
from bot.services.outbox import leases
from bot.services.outbox.items import WEBHOOK
from bot.services.outbox.outcomes import NotNeeded, NotNow, Refused
from bot.services.outbox.recording import until_recorded
from bot.services.webhook.signature import SIGNATURE, signed
from bot.services.webhook.webhook_events import target_of
from bot.store.locks import lock_row
from bot.store.tables import OutboxItem, WebhookEndpoint
from bot.store.unit_of_work import unit_of_work

PAUSED_AFTER = timedelta(days=3)
PAUSED = "paused"
GONE = 410


class WebhookSender:
    """Sends each event to its one endpoint."""

    kind, at_once = WEBHOOK, 10

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def targets(self) -> None:
        """Any address can be reached."""

    async def send(self, item: OutboxItem) -> None:
        """Send the event; raises NotNeeded when the endpoint was removed, Refused when it is paused or gone."""
        number = int(item.target.removeprefix(target_of(0).removesuffix("0")))
        async with self._ctx.db.read() as session:
            endpoint = await session.get(WebhookEndpoint, number)
        if endpoint is None:
            raise NotNeeded
        if endpoint.paused_at is not None:
            raise Refused(PAUSED)
        try:
            status = await deliver(self._ctx, endpoint, (item.payload or {})["body"])
        except outbound.NotAllowed as why:
            await note_failure(self._ctx, endpoint.id)
            raise Refused(why.code) from why
        except outbound.Unreachable as why:
            await note_failure(self._ctx, endpoint.id)
            raise NotNow(why.code) from why
        if 200 <= status < 300:
            await until_recorded(lambda: _sent(self._ctx, item, endpoint.id, status))
            return
        await note_failure(self._ctx, endpoint.id, for_good=status == GONE)
        if status == GONE:
            raise Refused(f"answered {status}")
        raise NotNow(f"answered {status}")


async def deliver(ctx: Context, endpoint: WebhookEndpoint, body: dict[str, Any]) -> int:
    """Send a body to an endpoint, signed, and return the status of its answer. Raises ``outbound.Unreachable``."""
    try:
        secret = decrypt(ctx, endpoint.secret)
    except CannotOpen:
        raise outbound.NotAllowed("secret unreadable") from None
    content = json.dumps({**body, "links": _links(ctx, body)}, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "TechRef webhooks",
        "TechRef-Event": body["event"],
        "TechRef-Delivery": body["id"],
        SIGNATURE: signed(secret, content, int(ctx.clock().timestamp())),
    }
    answer = await outbound.request(ctx.settings, "POST", endpoint.url, content=content, headers=headers)
    return answer.status


def _links(ctx: Context, body: dict[str, Any]) -> dict[str, str]:
    """Return where the issue is shown at the desk and read over the API; nothing without an address of our own."""
    if ctx.settings.public_url is None or body["issue"] is None:
        return {}
    reference, here = body["issue"]["reference"], ctx.settings.public_url
    return {"desk": f"{here}/desk/issues/{reference}", "api": f"{here}/api/v1/issues/{reference}"}


@unit_of_work(priority=True)
async def _sent(session: AsyncSession, ctx: Context, item: OutboxItem, endpoint_id: int, status: int) -> None:
    payload = {**(item.payload or {}), "answered": status}
    await leases.sent(session, item, ctx.clock(), payload=payload)
    endpoint = await lock_row(session, WebhookEndpoint, endpoint_id)
    if endpoint is not None and endpoint.failing_since is not None:
        endpoint.failing_since = None


@unit_of_work()
async def note_failure(session: AsyncSession, ctx: Context, endpoint_id: int, *, for_good: bool = False) -> None:
    """Remember since when the endpoint fails; pause it after three days of that, or at once ``for_good``."""
    now, endpoint = ctx.clock(), await lock_row(session, WebhookEndpoint, endpoint_id)
    if endpoint is None or endpoint.paused_at is not None:
        return
    endpoint.failing_since = endpoint.failing_since or now
    if for_good or now - endpoint.failing_since >= PAUSED_AFTER:
        endpoint.paused_at = now
        audit.record(session, "system", "webhook.pause", now, details={"webhook": endpoint.id})
