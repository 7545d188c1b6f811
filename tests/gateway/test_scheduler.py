"""A job that takes long holds up no other, and ends with the gateway."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.gateway.workers import scheduler
from bot.gateway.workers.scheduler import Scheduler
from bot.services.core.context import Context
from bot.services.core.jobs import Job
from bot.store.tables import ScheduledJob
from tests.services.conftest import clock, ctx, database_url, migrated

__all__ = ["clock", "ctx", "database_url", "migrated"]


async def test_a_job_that_takes_long_holds_up_no_other_and_ends_with_the_gateway(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "LOOK_EVERY_SECONDS", 0.01)
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
    running = asyncio.create_task(Scheduler(ctx, work).run())
    await asyncio.wait_for(quick.wait(), 10)
    await asyncio.sleep(0.1)
    assert (begun, ended) == ([1], []), "it runs once, beside the others"
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert ended == [1]
    async with ctx.db.read() as session:
        lease = await session.scalar(select(ScheduledJob.lease_until).where(ScheduledJob.name == "long"))
    assert lease is not None, "another gateway begins it anew when the lease has run out"
