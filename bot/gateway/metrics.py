"""``/metrics``: what Prometheus scrapes. Numbers only; never anybody's words."""

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services import outbox
from bot.services.context import Context
from bot.store.tables import Delivery, HandOff, InboundEvent, Issue, SearchRecord, Turn

metrics = Blueprint("metrics")


@metrics.get("/metrics")
async def show(request: Request) -> HTTPResponse:
    ctx: Context = request.app.ctx.techref
    registry = CollectorRegistry()
    async with ctx.db.read() as session:
        for name, help_text, value in await _numbers(session):
            Gauge(name, help_text, registry=registry).set(value)
        turns = Gauge("techref_turns_count", "Turns ended, by result", ["result"], registry=registry)
        spent = Gauge("techref_turns_seconds_sum", "Time spent in turns, by result", ["result"], registry=registry)
        query = select(Turn.result, func.count(), func.sum(Turn.milliseconds)).group_by(Turn.result)
        for result, count, milliseconds in await session.execute(query):
            turns.labels(result).set(count)
            spent.labels(result).set((milliseconds or 0) / 1000)
    streams = Gauge("techref_event_streams", "Open event streams of this gateway", registry=registry)
    streams.set(request.app.ctx.hub.streams())
    return raw(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


async def _numbers(session: AsyncSession) -> list[tuple[str, str, float]]:
    async def count(query: object) -> float:
        return float(await session.scalar(query) or 0)  # type: ignore[call-overload]

    return [
        (
            "techref_queue_depth",
            "Hand-offs that wait for a technician",
            await count(select(func.count()).where(HandOff.state == "waiting")),
        ),
        (
            "techref_inbound_pending",
            "Inbound events not yet answered",
            await count(select(func.count()).where(InboundEvent.status == "pending")),
        ),
        (
            "techref_deliveries_pending",
            "Messages to Slack and Teams not yet sent",
            await count(select(func.count()).where(Delivery.status == outbox.PENDING)),
        ),
        (
            "techref_deliveries_failed",
            "Messages to Slack and Teams that are no longer tried",
            await count(select(func.count()).where(Delivery.status == outbox.FAILED)),
        ),
        ("techref_issues_count", "Issues logged", await count(select(func.count(Issue.id)))),
        (
            "techref_deflected_count",
            "Searches that solved the customer's question",
            await count(select(func.count()).where(SearchRecord.solved.is_(True))),
        ),
    ]
