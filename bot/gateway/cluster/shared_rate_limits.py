"""Tell the other gateways through Redis what was spent of the limits, and learn what they spent.

Twice a second and in one go, so that no request waits for Redis: for half a second two gateways may together let pass
more than one would. Without Redis, or while it does not answer, each gateway counts alone.
"""

import asyncio
import hashlib
import logging

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.gateway.cluster.redis_server import PATIENCE_SECONDS, connect, prefix
from bot.gateway.supervise import beat
from bot.services.core import rate_limits
from bot.services.core.context import Context

log = logging.getLogger(__name__)

EVERY_SECONDS = 0.5
# The debt as in bot.services.core.rate_limits, by Redis's own clock: gateways' clocks need not agree.
ADD = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local clear = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now) + tonumber(ARGV[1])
redis.call('SET', KEYS[1], string.format('%.6f', clear), 'PX', math.ceil((clear - now) * 1000) + 1000)
return string.format('%.6f', clear - now)
"""


class SharedLimits:
    """The background task. ``names`` begins the names of the keys; by default that of this installation."""

    def __init__(self, ctx: Context, redis_url: str, names: str | None = None) -> None:
        self._ctx, self._url, self._prefix = ctx, redis_url, f"{names or prefix(ctx.settings)}limit:"
        self._works = True

    async def run(self) -> None:
        """Exchange the limits until cancelled."""
        rate_limits.token_buckets_of(self._ctx).shared = True
        redis = connect(self._url)
        try:
            while True:
                await asyncio.sleep(EVERY_SECONDS)
                await self._exchange(redis)
                beat()
        finally:
            await redis.aclose()

    async def _exchange(self, redis: Redis) -> None:
        debts = rate_limits.token_buckets_of(self._ctx)
        spent = debts.take_spent()
        if not spent:
            return
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), redis.pipeline(transaction=False) as pipeline:
                for key, seconds in spent.items():
                    pipeline.eval(ADD, 1, self._named(key), f"{seconds:.6f}")
                owed = await pipeline.execute()
        except (RedisError, OSError) as error:
            if self._works:
                log.warning("limits are counted by this gateway alone, Redis failed: %s", type(error).__name__)
            self._works = False
            return
        if not self._works:
            log.info("limits are shared with the other gateways again")
        self._works = True
        now = self._ctx.clock().timestamp()
        for key, seconds in zip(spent, owed, strict=True):
            debts.learn(key, float(seconds), now)

    def _named(self, key: str) -> str:
        """Keys hold addresses and ids, which are nobody's business in Redis."""
        return self._prefix + hashlib.sha256(key.encode()).hexdigest()[:32]
