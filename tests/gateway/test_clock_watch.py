"""The machine's clock is set back by an hour, or forward: work goes on and /readyz says so."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.gateway.workers.clock_watch import ClockWatch
from bot.gateway.workers.scheduler import JOBS
from bot.gateway.workers.watcher import Watcher
from bot.http.hub import Hub
from bot.services.core import jobs, rate_limits
from bot.services.core.context import Context
from bot.services.core.errors import TooMany
from bot.services.core.rate_limits import Limit
from bot.services.mail import outgoing_mail
from bot.services.turn import conversation_lease
from bot.store.tables import Conversation, InboundEvent, OutboxItem, ScheduledJob
from tests.gateway.test_watcher import Ear
from tests.support.outbox import a_mail
from tests.support.service_fixtures import Clock, Customer

HOUR = timedelta(hours=1)


async def test_a_conversation_leased_before_the_clock_was_set_back_is_not_stuck(
    customer: Customer, clock: Clock
) -> None:
    watch = ClockWatch(customer.ctx)
    await watch.look()
    await customer.writes("hello")
    assert await conversation_lease.take(customer.ctx, customer.id) is not None
    clock.advance(hours=-1)
    assert await conversation_lease.due(customer.ctx) == []
    await watch.look()
    assert await conversation_lease.due(customer.ctx) == [customer.id]
    assert watch.state == "jumped"


async def test_a_lease_that_is_really_held_stays(customer: Customer, clock: Clock) -> None:
    watch = ClockWatch(customer.ctx)
    await watch.look()
    await customer.writes("hello")
    lease = await conversation_lease.take(customer.ctx, customer.id)
    clock.advance(hours=1)
    await watch.look()
    clock.advance(seconds=1)
    await watch.look()
    assert lease is not None and watch.state == "jumped"
    async with customer.ctx.db.read() as session:
        assert (await session.get_one(Conversation, customer.id)).lease_until is not None


async def test_a_clock_set_back_while_the_gateway_was_down_is_corrected_at_the_start(
    customer: Customer, clock: Clock
) -> None:
    await customer.writes("hello")
    async with customer.ctx.db.write() as session:
        await session.execute(update(InboundEvent).values(not_before=clock() + HOUR))
    watch = ClockWatch(customer.ctx)
    await watch.look()
    assert await conversation_lease.due(customer.ctx) == [customer.id]
    assert watch.state == "up", "no jump was seen"


async def test_jobs_are_due_again(ctx: Context, clock: Clock) -> None:
    watch = ClockWatch(ctx)
    await jobs.register_jobs(ctx, JOBS)
    often = [job for job in JOBS if job.at is None]
    for job in often:
        lease = await jobs.lease_job(ctx, job)
        assert lease is not None
        await jobs.finish_job(ctx, job, lease)
    async with ctx.db.write() as session:
        await session.execute(update(ScheduledJob).values(lease_until=clock() + HOUR))
    clock.advance(days=-1)
    await watch.look()
    assert await jobs.due_jobs(ctx) == {job.name for job in often}
    async with ctx.db.read() as session:
        due_at = dict((await session.execute(select(ScheduledJob.name, ScheduledJob.due_at))).tuples().all())
    assert all(due_at[job.name] == job.at(ctx, clock()) for job in JOBS if job.at)


async def test_mail_is_not_kept_back(ctx: Context, clock: Clock) -> None:
    async with ctx.db.write() as session:
        await outgoing_mail.enqueue(session, ctx, a_mail("key", "copy", "kim@brightsons.example", "Copy", "Text"))
    clock.advance(days=-1)
    await ClockWatch(ctx).look()
    async with ctx.db.read() as session:
        assert list(await session.scalars(select(OutboxItem.due_at))) == [clock()]


async def test_nobody_is_too_fast_because_of_the_clock(ctx: Context, clock: Clock) -> None:
    watch, limit = ClockWatch(ctx), Limit.a_minute(2)
    rate_limits.check_limit(ctx, "key", limit)
    rate_limits.check_limit(ctx, "key", limit)
    clock.advance(hours=-1)
    with pytest.raises(TooMany):
        rate_limits.check_limit(ctx, "key", limit)
    await watch.look()
    rate_limits.check_limit(ctx, "key", limit)


async def test_news_after_the_clock_was_set_back_are_seen(ctx: Context, clock: Clock) -> None:
    customer, other, hub = await Customer.arrives(ctx), await Customer.arrives(ctx), Hub()
    watcher = Watcher(ctx, hub)
    await other.writes("before")
    await watcher._look()
    clock.advance(hours=-1)
    await watcher._look()
    async with Ear(hub, customer.id) as ear:
        clock.advance(seconds=1)
        await customer.writes("it crashes")
        await watcher._look()
        assert customer.id in ear.received()
