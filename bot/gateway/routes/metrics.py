"""``/metrics``: what Prometheus scrapes. Numbers only; never anybody's words."""

from datetime import datetime
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.gateway.supervise import UP, Supervisor
from bot.services.core.context import Context
from bot.services.hand_off import pending_events
from bot.services.outbox import status
from bot.services.queue import queue_order
from bot.services.upkeep import backups
from bot.store.tables import HandOff, InboundEvent, Issue, SearchRecord, Turn

metrics = Blueprint("metrics")

_WAITING = HandOff.state == queue_order.WAITING
_PENDING = InboundEvent.status == pending_events.PENDING
COUNTS: tuple[tuple[str, str, Select[Any]], ...] = (
    ("techref_queue_depth", "Hand-offs that wait for a technician", select(func.count()).where(_WAITING)),
    ("techref_inbound_pending", "Inbound events not yet answered", select(func.count()).where(_PENDING)),
    ("techref_issues_count", "Issues logged", select(func.count(Issue.id))),
    ("techref_searches_count", "Searches of the manual in conversations", select(func.count(SearchRecord.id))),
    (
        "techref_deflected_count",
        "Searches that solved the customer's question",
        select(func.count()).where(SearchRecord.solved.is_(True)),
    ),
)
AGES: tuple[tuple[str, str, Select[Any]], ...] = (
    (
        "techref_queue_age_seconds",
        "How long the first in the queue waits",
        select(func.min(HandOff.created_at)).where(_WAITING),
    ),
    (
        "techref_inbound_age_seconds",
        "Age of the oldest event not yet answered",
        select(func.min(InboundEvent.created_at)).where(_PENDING),
    ),
)


@metrics.get("/metrics")
async def show(request: Request) -> HTTPResponse:
    """Of the whole installation what the database tells, of this gateway its streams and the times of its turns."""
    ctx: Context = request.app.ctx.techref
    registry = CollectorRegistry()
    async with ctx.db.read(long=True) as session:
        await _counts(session, registry)
        await _ages(session, registry, ctx.clock())
        await _turns(session, registry)
        await _outbox(session, ctx, registry)
    streams = Gauge("techref_event_streams", "Open event streams of this gateway", registry=registry)
    streams.set(request.app.ctx.hub.streams())
    _backup(ctx, registry)
    _loops(request.app.ctx.supervisor, registry)
    own = generate_latest(request.app.ctx.worker.times.registry)
    return raw(generate_latest(registry) + own, content_type=CONTENT_TYPE_LATEST)


async def _counts(session: AsyncSession, registry: CollectorRegistry) -> None:
    for name, meaning, query in COUNTS:
        Gauge(name, meaning, registry=registry).set(await session.scalar(query) or 0)


async def _ages(session: AsyncSession, registry: CollectorRegistry, now: datetime) -> None:
    """0 where nothing waits."""
    for name, meaning, query in AGES:
        oldest = await session.scalar(query)
        Gauge(name, meaning, registry=registry).set((now - oldest).total_seconds() if oldest else 0)


async def _turns(session: AsyncSession, registry: CollectorRegistry) -> None:
    ended = Gauge("techref_turns_count", "Turns ended, by result", ["result"], registry=registry)
    spent = Gauge("techref_turns_seconds_sum", "Time spent in turns, by result", ["result"], registry=registry)
    query = select(Turn.result, func.count(), func.sum(Turn.milliseconds)).group_by(Turn.result)
    for result, count, milliseconds in await session.execute(query):
        ended.labels(result).set(count)
        spent.labels(result).set((milliseconds or 0) / 1000)


def _loops(supervisor: Supervisor, registry: CollectorRegistry) -> None:
    runs = Gauge("techref_loop_up", "1 while a background loop of this gateway runs", ["loop"], registry=registry)
    failed = Gauge("techref_loop_failures_count", "Failures of a background loop", ["loop"], registry=registry)
    for name, state in supervisor.states().items():
        runs.labels(name).set(state == UP)
    for name, failures in supervisor.failures().items():
        failed.labels(name).set(failures)


async def _outbox(session: AsyncSession, ctx: Context, registry: CollectorRegistry) -> None:
    """Add the items of the outbox by kind: messages, mails, notices to teams, news of known problems."""
    queued = Gauge("techref_outbox_queued", "Items not yet sent, by kind", ["kind"], registry=registry)
    age = Gauge(
        "techref_outbox_age_seconds", "Age of the oldest item not yet sent, by kind", ["kind"], registry=registry
    )
    failed = Gauge("techref_outbox_failed", "Items that are no longer tried, by kind", ["kind"], registry=registry)
    for kind, numbers in (await status.standing(session, ctx)).items():
        queued.labels(kind).set(numbers["queued"])
        age.labels(kind).set(numbers["oldest_seconds"])
        failed.labels(kind).set(numbers["failed"])


def _backup(ctx: Context, registry: CollectorRegistry) -> None:
    """No age at all when there never was a good backup: an alert is for ``absent()`` as well."""
    stands = backups.backup_status(ctx.home)
    failed = Gauge("techref_backup_failed", "1 when a backup has failed since the last good one", registry=registry)
    failed.set(stands.failure is not None)
    if stands.good_at is not None:
        age = Gauge("techref_backup_age_seconds", "Age of the last good backup", registry=registry)
        age.set((ctx.clock() - stands.good_at).total_seconds())
