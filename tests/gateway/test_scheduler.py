"""A job that takes long holds up no other, and ends with the gateway."""

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

from sqlalchemy import select

from bot.gateway.workers.scheduler import Scheduler
from bot.services.core.context import Context
from bot.services.core.jobs import Job
from bot.store.tables import ScheduledJob
from tests.support.service_fixtures import Clock


async def test_a_job_that_takes_long_holds_up_no_other_and_ends_with_the_gateway(ctx: Context) -> None:
    begun, ended, quick = [], [], asyncio.Event()

    async def takes_long(_ctx: Context) -> None:
        begun.append(1)
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(1)

    async def is_quick(_ctx: Context) -> None:
        quick.set()

    work = [
        Job("long", timedelta(days=1), takes_long, apart=True),
        Job("quick", timedelta(seconds=1), is_quick),
    ]
    scheduler = Scheduler(ctx, work)
    for _ in range(3):
        await scheduler.look()
    await asyncio.wait_for(quick.wait(), 10)
    await asyncio.sleep(0)
    assert (begun, ended) == ([1], []), "it runs once, beside the others"
    await scheduler.stop()
    assert ended == [1]
    async with ctx.db.read() as session:
        lease = await session.scalar(select(ScheduledJob.lease_until).where(ScheduledJob.name == "long"))
    assert lease is not None, "another gateway begins it anew when the lease has run out"


async def test_whatever_one_job_raises_belongs_to_that_job(ctx: Context, clock: Clock) -> None:
    ran = []

    async def runs(_ctx: Context) -> None:
        ran.append(1)

    async def raises(_ctx: Context) -> None:
        raise ValueError("words of a customer")

    async def is_cancelled_within(_ctx: Context) -> None:
        raise asyncio.CancelledError

    def never(_ctx: Context, _now: datetime) -> datetime:
        raise ZoneInfoNotFoundError("the operator's zone")

    work = [
        Job("raises", timedelta(days=1), raises),
        Job("cancelled", timedelta(days=1), is_cancelled_within),
        Job("has no time", timedelta(days=1), runs, at=never),
        Job("runs", timedelta(days=1), runs),
    ]
    scheduler = Scheduler(ctx, work)
    await scheduler.look()
    clock.advance(minutes=1)
    await scheduler.look()
    async with ctx.db.read() as session:
        rows = {row.name: row for row in await session.scalars(select(ScheduledJob))}
    assert len(ran) == 2
    assert {name: row.failure for name, row in rows.items()} == {
        "raises": "ValueError",
        "cancelled": "CancelledError",
        "has no time": "ZoneInfoNotFoundError",
        "runs": None,
    }
    assert all(row.lease_until is None for row in rows.values())
    assert rows["has no time"].due_at == ctx.clock() + timedelta(minutes=1), "it is tried again"
