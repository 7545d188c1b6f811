"""The deliveries of webhooks: what was sent to which, what was answered, and sending one again."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import NotFound
from bot.services.core.topics import DESK
from bot.services.outbox.items import QUEUED, WEBHOOK
from bot.services.webhook.webhook_events import USEFUL_FOR
from bot.store.locks import lock_row
from bot.store.tables import OutboxItem, Technician
from bot.store.unit_of_work import after_commit, unit_of_work

MOST = 100


async def list_deliveries(ctx: Context) -> list[dict[str, Any]]:
    """Return the newest deliveries: states and codes, no body."""
    query = select(OutboxItem).where(OutboxItem.kind == WEBHOOK).order_by(OutboxItem.id.desc()).limit(MOST)
    async with ctx.db.read() as session:
        return [_shown(one) for one in await session.scalars(query)]


async def count_waiting(ctx: Context) -> dict[str, int]:
    """Return how many deliveries wait for each target."""
    query = select(OutboxItem.target, func.count()).where(OutboxItem.kind == WEBHOOK, OutboxItem.state == QUEUED)
    async with ctx.db.read() as session:
        return {row[0]: row[1] for row in await session.execute(query.group_by(OutboxItem.target))}


@unit_of_work()
async def replay(session: AsyncSession, ctx: Context, admin: Technician, delivery_id: int) -> None:
    """Send a delivery again at once, under the same id, whatever became of it before. Raises NotFound."""
    now, item = ctx.clock(), await lock_row(session, OutboxItem, delivery_id)
    if item is None or item.kind != WEBHOOK:
        raise NotFound("There is no such delivery; nothing was sent.")
    item.state, item.due_at, item.done_at, item.error = QUEUED, now, None, None
    item.attempts, item.expires_at, item.lease_until = 0, now + USEFUL_FOR, None
    item.fence += 1
    audit.record(session, audit.technician_actor(admin), "webhook.replay", now, details={"item": item.id})
    after_commit(session, ctx.wake, DESK)


def _shown(item: OutboxItem) -> dict[str, Any]:
    payload = item.payload or {}
    body = payload.get("body", {})
    answered = f"answered {payload['answered']}" if "answered" in payload and item.error is None else item.error
    return {
        "id": item.id,
        "webhook": item.target,
        "delivery": body.get("id"),
        "event": body.get("event"),
        "reference": (body.get("issue") or {}).get("reference"),
        "state": item.state,
        "attempts": item.attempts,
        "answer": answered,
        "created_at": item.created_at.isoformat(),
        "due_at": item.due_at.isoformat() if item.state == QUEUED else None,
        "done_at": item.done_at.isoformat() if item.done_at else None,
    }
