"""How often somebody may ask, per process: a generous ceiling against floods, not a quota."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from bot.services.context import Context
from bot.services.errors import TooMany


@dataclass(frozen=True)
class Limit:
    """``burst`` requests at once, refilled at ``per_second``."""

    burst: int
    per_second: float


def opening(ctx: Context) -> Limit:
    """Conversations from one address."""
    return Limit(ctx.support.limits.conversations_per_hour, ctx.support.limits.conversations_per_hour / 3600)


def writing(ctx: Context) -> Limit:
    """Messages, and likewise files, of one conversation."""
    return Limit(ctx.support.limits.messages_per_minute, ctx.support.limits.messages_per_minute / 60)


MOST_BUCKETS = 50_000

Bucket = tuple[float, float]
_buckets: WeakKeyDictionary[Context, dict[str, Bucket]] = WeakKeyDictionary()


def check(ctx: Context, key: str, limit: Limit) -> None:
    """Count one request under ``key``; raises TooMany with the seconds until the next may come."""
    now = ctx.clock().timestamp()
    buckets = _buckets.setdefault(ctx, {})
    tokens, stamp = buckets.get(key, (float(limit.burst), now))
    tokens = min(limit.burst, tokens + max(0.0, now - stamp) * limit.per_second)
    if tokens < 1:
        wait = int((1 - tokens) / limit.per_second) + 1
        raise TooMany("That was very fast. Nothing was lost: try again in a moment.", retry_after=wait)
    if len(buckets) > MOST_BUCKETS:
        buckets.clear()
    buckets[key] = (tokens - 1, now)
