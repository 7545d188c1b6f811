"""The Redis that an installation's gateways share, and the names under which theirs differs from everybody else's."""

import hashlib
import hmac

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from bot.settings.env.settings import Settings

PATIENCE_SECONDS = 2.0


def connect(redis_url: str) -> Redis:
    """Return a client that does not try again by itself: whoever uses it works on without, and tries again in its own
    time.

    Each use has ``asyncio.timeout(PATIENCE_SECONDS)`` around it. With a ``socket_timeout`` the client sends through
    ``asyncio.wait_for``, which on Python 3.11 can swallow a cancellation: the task would never end.
    """
    return Redis.from_url(
        redis_url,
        socket_timeout=None,
        socket_connect_timeout=PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )


def prefix(settings: Settings) -> str:
    """Return what the names of keys and channels begin with; several installations may use one Redis.

    Made from the secret that all stacks of an installation have in common: one that stacks need not agree about
    (how they write the database's address) would part them without a word.
    """
    secret = (settings.internal_secret or "").encode()
    return f"techref:{hmac.new(secret, b'names in Redis', hashlib.sha256).hexdigest()[:16]}:"
