"""Scheduled work: due by the clock, done by one, tried again after a failure, remembered through a restart."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.services.core import jobs
from bot.services.core.context import Context
from bot.services.core.jobs import Job
from bot.services.upkeep import housekeeping
from bot.store.tables import ConversationToken, ScheduledJob
from tests.support.service_fixtures import Clock, Customer


class Work:
    def __init__(self) -> None:
        self.done, self.fails = 0, False
        self.job = Job("count", timedelta(minutes=10), self.run)

    async def run(self, _ctx: Context) -> None:
        await asyncio.sleep(0)
        if self.fails:
            raise ValueError("words of a customer")
        self.done += 1


@pytest.fixture
async def work(ctx: Context) -> Work:
    work = Work()
    await jobs.register_jobs(ctx, [work.job])
    return work


async def test_a_job_runs_when_it_is_due_and_not_before(ctx: Context, clock: Clock, work: Work) -> None:
    assert await jobs.run_if_due(ctx, work.job)
    assert not await jobs.run_if_due(ctx, work.job)
    clock.advance(minutes=10)
    assert await jobs.run_if_due(ctx, work.job)
    assert work.done == 2


async def test_of_many_who_try_at_once_one_runs_it(ctx: Context, work: Work) -> None:
    ran = await asyncio.gather(*(jobs.run_if_due(ctx, work.job) for _ in range(8)))
    assert sum(ran) == 1 and work.done == 1


async def test_enrolling_again_after_a_restart_does_not_make_it_due(ctx: Context, work: Work) -> None:
    await jobs.run_if_due(ctx, work.job)
    await jobs.register_jobs(ctx, [work.job])
    assert not await jobs.run_if_due(ctx, work.job)


async def test_a_failed_job_is_tried_within_a_minute_and_only_its_kind_is_kept(
    ctx: Context, clock: Clock, work: Work
) -> None:
    work.fails = True
    with pytest.raises(ValueError):
        await jobs.run_if_due(ctx, work.job)
    async with ctx.db.read() as session:
        row = await session.scalar(select(ScheduledJob))
    assert row is not None and row.failure == "ValueError"
    work.fails = False
    clock.advance(minutes=1)
    assert await jobs.run_if_due(ctx, work.job)


async def test_a_job_whose_runner_died_is_begun_again_and_the_late_finish_changes_nothing(
    ctx: Context, clock: Clock, work: Work
) -> None:
    dead = await jobs.lease_job(ctx, work.job)
    assert dead is not None and await jobs.lease_job(ctx, work.job) is None
    clock.advance(minutes=5)
    successor = await jobs.lease_job(ctx, work.job)
    assert successor is not None
    await jobs.finish_job(ctx, work.job, dead)
    assert await jobs.lease_job(ctx, work.job) is None
    await jobs.finish_job(ctx, work.job, successor)


async def test_housekeeping_removes_what_expired_long_ago_and_keeps_the_rest(ctx: Context, clock: Clock) -> None:
    await Customer.arrives(ctx)
    clock.advance(days=20)
    await Customer.arrives(ctx)
    clock.advance(days=12)
    await housekeeping.remove_expired(ctx)
    async with ctx.db.read() as session:
        assert len(list(await session.scalars(select(ConversationToken)))) == 1
