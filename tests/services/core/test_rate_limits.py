"""Who is too fast waits for a moment; nobody is freed by a flood of other keys; a workspace's turns keep their pace."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.gateway.cluster.shared_rate_limits import SharedLimits
from bot.services.core import rate_limits
from bot.services.core.context import Context
from bot.services.core.errors import TooMany
from bot.services.core.rate_limits import Limit
from tests.support.gateway_fixture import eventually
from tests.support.redis_server import REDIS, redis_namespace
from tests.support.service_fixtures import Clock


def refused(ctx: Context, key: str, limit: Limit) -> int:
    """How long ``key`` is told to wait; 0 when the request is let in."""
    try:
        rate_limits.check_limit(ctx, key, limit)
    except TooMany as error:
        return error.retry_after
    return 0


async def test_a_burst_is_let_in_and_then_one_for_each_second(ctx: Context, clock: Clock) -> None:
    limit = Limit.a_minute(60)
    assert [refused(ctx, "a", limit) for _ in range(60)] == [0] * 60
    assert refused(ctx, "a", limit) == 2 or refused(ctx, "a", limit) == 1
    assert refused(ctx, "b", limit) == 0, "everybody has a limit of their own"
    clock.advance(seconds=1)
    assert refused(ctx, "a", limit) == 0 and refused(ctx, "a", limit) > 0


async def test_being_refused_makes_nobody_wait_longer(ctx: Context, clock: Clock) -> None:
    limit = Limit.a_minute(2)
    waits = [refused(ctx, "a", limit) for _ in range(100)]
    assert waits[:2] == [0, 0] and set(waits[2:]) == {31}
    clock.advance(seconds=31)
    assert refused(ctx, "a", limit) == 0


async def test_a_flood_of_keys_frees_nobody(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "MOST_KEYS", 100)
    limit = Limit.a_minute(5)
    for _ in range(5):
        rate_limits.check_limit(ctx, "flooder", limit)
    for number in range(1000):
        rate_limits.check_limit(ctx, f"other {number}", limit)
    assert refused(ctx, "flooder", limit) > 0
    assert len(rate_limits.token_buckets_of(ctx)._clear_at) <= 100


async def test_what_is_kept_in_any_case_waits_its_turn_until_the_backlog_is_too_long(ctx: Context) -> None:
    limit = Limit.a_minute(6)
    waits = [rate_limits.pace_message(ctx, "team", limit) for _ in range(66)]
    assert waits[:6] == [0.0] * 6
    assert [round(wait) for wait in waits[6:9]] == [10, 20, 30] and round(waits[65]) == 600
    with pytest.raises(TooMany) as told:
        rate_limits.pace_message(ctx, "team", limit)
    assert told.value.retry_after in (10, 11)


@pytest.fixture
def redis_prefix() -> Iterator[str]:
    with redis_namespace() as names:
        yield names


def gateway_of(ctx: Context, redis_url: str) -> Context:
    """The wiring of one more gateway on the same database."""
    return Context(
        replace(ctx.settings, redis_url=redis_url),
        ctx.support,
        ctx.db,
        ctx.manual,
        ctx.clock,
    )


async def test_two_gateways_share_one_limit_through_redis(ctx: Context, redis_prefix: str) -> None:
    one, two = gateway_of(ctx, REDIS), gateway_of(ctx, REDIS)
    tasks = [asyncio.create_task(SharedLimits(gateway, REDIS, redis_prefix).run()) for gateway in (one, two)]
    limit = Limit.an_hour(40)
    try:
        await asyncio.sleep(0)
        for _ in range(20):
            rate_limits.check_limit(one, "address", limit)
            rate_limits.check_limit(two, "address", limit)

        async def both_are_refused() -> bool:
            # Each was within its own count; together they have used it up.
            return bool(refused(one, "address", limit) and refused(two, "address", limit))

        await eventually(both_are_refused)
        assert refused(one, "another address", limit) == 0
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_without_redis_each_gateway_counts_alone(ctx: Context, caplog: pytest.LogCaptureFixture) -> None:
    alone = gateway_of(ctx, "redis://127.0.0.1:1")
    task = asyncio.create_task(SharedLimits(alone, "redis://127.0.0.1:1").run())
    limit = Limit.a_minute(3)
    try:
        for _ in range(3):
            assert refused(alone, "a", limit) == 0
            await asyncio.sleep(0.6)
        assert refused(alone, "a", limit) > 0 and not task.done()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert [record.message for record in caplog.records if "counted by this gateway alone" in record.message]
