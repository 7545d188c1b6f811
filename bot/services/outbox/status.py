"""Count the outbox, and list what in it needs a person: items that are queued too long or failed for good."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.outbox.items import (
    BUTTON_UPDATE,
    ESCALATION,
    FAILED,
    KNOWN_PROBLEM_NEWS,
    MAIL,
    MESSAGE,
    MESSAGE_CHANGE,
    QUEUED,
    STAFF,
    STAFF_WRITTEN,
    TEAM_NOTICE,
    WEBHOOK,
)
from bot.store.tables import OutboxItem

KINDS = (
    MESSAGE,
    MAIL,
    TEAM_NOTICE,
    KNOWN_PROBLEM_NEWS,
    BUTTON_UPDATE,
    MESSAGE_CHANGE,
    WEBHOOK,
    ESCALATION,
    STAFF,
    STAFF_WRITTEN,
)
MOST_SHOWN = 100


def is_late(ctx: Context) -> ColumnElement[bool]:
    """Return the condition of items that have been queued longer than ``delivery.late_after_minutes``."""
    patience = timedelta(minutes=ctx.support.delivery.late_after_minutes)
    return and_(OutboxItem.state == QUEUED, OutboxItem.created_at <= ctx.clock() - patience)


def needs_attention(ctx: Context) -> ColumnElement[bool]:
    """Return the condition of items that are late or have failed for good."""
    return or_(OutboxItem.state == FAILED, is_late(ctx))


async def standing(session: AsyncSession, ctx: Context) -> dict[str, dict[str, Any]]:
    """Return, for each kind, ``{queued, late, failed, oldest_seconds}``; the age is 0 where nothing is queued."""
    queued, late = func.count().filter(OutboxItem.state == QUEUED), func.count().filter(is_late(ctx))
    oldest = func.min(OutboxItem.created_at).filter(OutboxItem.state == QUEUED)
    failed = func.count().filter(OutboxItem.state == FAILED)
    query = (
        select(OutboxItem.kind, queued, late, failed, oldest)
        .where(OutboxItem.state.in_((QUEUED, FAILED)))
        .group_by(OutboxItem.kind)
    )
    now = ctx.clock()
    counts: dict[str, dict[str, Any]] = {kind: _counts(0, 0, 0, None, now) for kind in KINDS}
    for row in await session.execute(query):
        counts[row[0]] = _counts(row[1], row[2], row[3], row[4], now)
    return counts


def _counts(queued: int, late: int, failed: int, oldest: datetime | None, now: datetime) -> dict[str, Any]:
    age = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
    return {"queued": queued, "late": late, "failed": failed, "oldest_seconds": age}


async def list_items(ctx: Context, *conditions: ColumnElement[bool], limit: int = MOST_SHOWN) -> list[dict[str, Any]]:
    """Return the newest items that meet the conditions, never their text."""
    query = select(OutboxItem).where(*conditions).order_by(OutboxItem.id.desc()).limit(limit)
    async with ctx.db.read() as session:
        return [shown(item) for item in await session.scalars(query)]


def shown(item: OutboxItem) -> dict[str, Any]:
    """Return an item as operators see it. ``can_resend`` is False when its text is erased."""
    payload = item.payload or {}
    return {
        "id": item.id,
        "kind": item.kind,
        "letter": payload.get("letter"),
        "to": item.target,
        "subject": payload.get("subject"),
        "state": item.state,
        "attempts": item.attempts,
        "error": item.error,
        "conversation_id": item.conversation_id,
        "can_resend": can_resend(item),
        "created_at": item.created_at.isoformat(),
        "done_at": item.done_at.isoformat() if item.done_at else None,
    }


def can_resend(item: OutboxItem) -> bool:
    """Return True for an item that waits or has failed and still holds what is to be sent."""
    return item.state in (QUEUED, FAILED) and not (item.kind == MAIL and not (item.payload or {}).get("text"))
