"""Lease outbox items and record what became of each. Every record checks the fence: a late worker changes nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, Update, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.services.core.backoff import backoff
from bot.services.core.context import Context
from bot.services.outbox.items import (
    DROPPED,
    ERROR_LIMIT,
    EXPIRED,
    FAILED,
    MAIL,
    QUEUED,
    SENT,
    WAITS,
    without_text,
)
from bot.services.outbox.outcomes import LeaseLost, NotNow
from bot.services.outbox.recording import UNAVAILABLE, until_recorded
from bot.store import issue_revision
from bot.store.locks import lock_conversation
from bot.store.tables import OutboxItem

log = logging.getLogger(__name__)

# An item of a gateway that died is leased again after that. One that lives renews its leases meanwhile.
LEASE = timedelta(seconds=60)
RENEW_SECONDS = 20.0


async def due(
    ctx: Context, targets: Mapping[str, Sequence[str] | None], at_once: int, without: Sequence[int] = ()
) -> list[tuple[int, str]]:
    """Return (id, kind) of at most ``at_once`` items of each kind that can be sent now, the longest due first.

    ``targets`` names the kinds, each with the targets that it can reach, None for any. No kind takes another's place.
    """
    query = _due(tuple((kind, of_kind is None) for kind, of_kind in targets.items()))
    named = {_targets_of(kind): list(of_kind) for kind, of_kind in targets.items() if of_kind is not None}
    values = {"now": ctx.clock(), "at_once": at_once, "without": list(without), **named}
    async with ctx.db.read() as session:
        return [(item_id, kind) for item_id, kind in await session.execute(query, values)]


def _targets_of(kind: str) -> str:
    """Return the name of the parameter with the targets of a kind."""
    return f"{kind}_targets"


# Statements are built once: the outbox is looked through after every turn (docs/performance.md).
_NOW: BindParameter[datetime] = bindparam("now", type_=OutboxItem.created_at.type)


def _ready() -> ColumnElement[bool]:
    earlier = aliased(OutboxItem)
    held_back = exists().where(
        earlier.lane == OutboxItem.lane, earlier.state == QUEUED, earlier.kind == OutboxItem.kind
    )
    return and_(
        OutboxItem.state == QUEUED,
        OutboxItem.due_at <= _NOW,
        or_(OutboxItem.lease_until.is_(None), OutboxItem.lease_until <= _NOW),
        or_(OutboxItem.lane.is_(None), ~held_back.where(earlier.id < OutboxItem.id)),
    )


_CLAIM = (
    update(OutboxItem)
    .where(OutboxItem.id == bindparam("item_id"), _ready())
    .values(lease_until=bindparam("until"), fence=OutboxItem.fence + 1)
    .returning(OutboxItem)
)


@cache
def _due(kinds: tuple[tuple[str, bool], ...]) -> Select[tuple[int, str]]:
    """Return the query of what is due of these kinds; True for one that can reach any target."""
    place = func.row_number().over(partition_by=OutboxItem.kind, order_by=(OutboxItem.due_at, OutboxItem.id))
    reachable = or_(*(_reachable(kind, anywhere=anywhere) for kind, anywhere in kinds))
    ready = (
        select(OutboxItem.id, OutboxItem.kind, place.label("place"))
        .where(_ready(), reachable, OutboxItem.id.not_in(bindparam("without", expanding=True)))
        .subquery()
    )
    return select(ready.c.id, ready.c.kind).where(ready.c.place <= bindparam("at_once")).order_by(ready.c.id)


def _reachable(kind: str, *, anywhere: bool) -> ColumnElement[bool]:
    of_kind = OutboxItem.kind == kind
    return of_kind if anywhere else and_(of_kind, OutboxItem.target.in_(bindparam(_targets_of(kind), expanding=True)))


async def claim(ctx: Context, item_id: int) -> OutboxItem | None:
    """Lease the item if it can be sent now; None when it cannot, or another worker has it.

    One that is too late fails for good.
    """
    now = ctx.clock()
    async with ctx.db.write() as session:
        item: OutboxItem | None = await session.scalar(_CLAIM, {"item_id": item_id, "now": now, "until": now + LEASE})
        if item is None or item.expires_at is None or item.expires_at > now:
            return item
        await _record(session, item, **_end(item, now, FAILED), error=item.error or EXPIRED)
    return None


@asynccontextmanager
async def renewed(ctx: Context, item: OutboxItem) -> AsyncIterator[None]:
    """Keep the item leased while the block runs, so that nobody sends it beside a worker whose target is slow."""
    renewing = asyncio.create_task(_renew(ctx, item))
    try:
        yield
    finally:
        renewing.cancel()
        await asyncio.gather(renewing, return_exceptions=True)


async def _renew(ctx: Context, item: OutboxItem) -> None:
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        # An item that was given back meanwhile has no lease, and gets none.
        leased = _held(item, OutboxItem.lease_until.is_not(None))
        try:
            async with ctx.db.write() as session:
                await session.execute(leased.values(lease_until=ctx.clock() + LEASE))
        except UNAVAILABLE as error:
            log.warning("the lease of an outbox item was not renewed: %s", type(error).__name__)


async def part_sent(ctx: Context, item: OutboxItem, parts: int, outside_id: str | None, *, last: bool) -> None:
    """Record that so many parts were sent, as soon as the database takes it; keep the lease before the ``last`` one."""
    item.parts_sent, item.attempts = parts, 0
    item.outside_id, item.last_outside_id = item.outside_id or outside_id, outside_id or item.last_outside_id
    values: dict[str, Any] = {
        "parts_sent": item.parts_sent,
        "outside_id": item.outside_id,
        "last_outside_id": item.last_outside_id,
    }

    async def record() -> None:
        now = ctx.clock()
        async with ctx.db.write(priority=True) as session:
            if last:
                await sent(session, item, now, **values)
            else:
                await _record(session, item, **values, attempts=0, error=None, lease_until=now + LEASE)

    await until_recorded(record)


async def part_split(ctx: Context, item: OutboxItem, place: int) -> None:
    """Record that this part is sent in smaller ones from now on, so that each of them is sent once."""
    item.payload = {**(item.payload or {}), "split": [*places_split(item), place]}
    async with ctx.db.write() as session:
        await _record(session, item, payload=item.payload, lease_until=ctx.clock() + LEASE)


def places_split(item: OutboxItem) -> list[int]:
    """Return which parts were split, each as it was counted after those before it were split."""
    return list((item.payload or {}).get("split", ()))


async def sent(session: AsyncSession, item: OutboxItem, now: datetime, state: str = SENT, **values: Any) -> None:
    """Record in this transaction that the item was sent; raises LeaseLost."""
    await _record(session, item, **_end(item, now, state), error=None, trouble=False, **values)


async def dropped(ctx: Context, item: OutboxItem) -> None:
    """Record that nobody needs the item any more."""
    async with ctx.db.write() as session:
        await _record(session, item, **_end(item, ctx.clock(), DROPPED), error=None, trouble=False)


async def failed(ctx: Context, item: OutboxItem, code: str) -> None:
    """Record that the item is refused for good; it holds back nothing from now on."""
    # The desk's pages of the issue show the address that refused a mail.
    shown_at = item.conversation_id if item.kind == MAIL else None
    async with ctx.db.write() as session:
        if shown_at is not None:
            await lock_conversation(session, shown_at)
        await _record(session, item, **_end(item, ctx.clock(), FAILED), error=code[:ERROR_LIMIT], trouble=False)
        if shown_at is not None:
            await issue_revision.advance(session, shown_at)


async def retry(ctx: Context, item: OutboxItem, why: NotNow) -> None:
    """Record a failed attempt: another try after the target's own wait, else with backoff; at last none."""
    now, attempts = ctx.clock(), item.attempts + 1
    until = item.expires_at or item.created_at + timedelta(hours=ctx.support.delivery.give_up_after_hours)
    wait = why.retry_after if why.retry_after is not None else backoff(attempts, *WAITS[item.kind])
    values: dict[str, Any] = {"error": why.code[:ERROR_LIMIT], "trouble": why.trouble}
    if now >= until:
        values |= _end(item, now, FAILED)
    else:
        due_at = min(now + timedelta(seconds=wait), until)
        values |= {"attempts": attempts, "tried_at": now, "due_at": due_at, "lease_until": None}
    async with ctx.db.write() as session:
        await _record(session, item, **values)


async def release(ctx: Context, item: OutboxItem, seconds: float) -> None:
    """Give the lease back without an attempt; the item is due again after so many seconds."""
    due_at = ctx.clock() + timedelta(seconds=seconds)
    async with ctx.db.write() as session:
        await _record(session, item, lease_until=None, due_at=due_at)


async def drop_leases(ctx: Context) -> None:
    """Free every item: for the start of the only gateway there is."""
    async with ctx.db.write() as session:
        held = OutboxItem.lease_until.is_not(None)
        await session.execute(update(OutboxItem).where(held).values(lease_until=None))


def _end(item: OutboxItem, now: datetime, state: str) -> dict[str, Any]:
    """Return the values of an item that is not tried any more. The text of a secret one goes."""
    ended: dict[str, Any] = {
        "state": state,
        "done_at": now,
        "tried_at": now,
        "lease_until": None,
        "attempts": item.attempts + 1,
    }
    return ended | ({"payload": without_text(item.payload)} if item.secret else {})


async def _record(session: AsyncSession, item: OutboxItem, **values: Any) -> None:
    query = _held(item).values(values).execution_options(synchronize_session=False)
    if await session.scalar(query.returning(OutboxItem.id)) is None:
        raise LeaseLost


def _held(item: OutboxItem, *conditions: ColumnElement[bool]) -> Update:
    """Return the update of an item that no other worker has leased since."""
    mine = (OutboxItem.id == item.id, OutboxItem.fence == item.fence, OutboxItem.state == QUEUED)
    return update(OutboxItem).where(*mine, *conditions)
