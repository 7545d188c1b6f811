"""Tell the other gateways through Redis who has news here, and wake whom their news concerns.

Redis only wakes. What there is to see is read from the database, which is also looked into now and then for what nobody
said. While Redis does not answer the watcher looks four times a second, as it does where there is no Redis.
"""

import asyncio
import json
import logging
import secrets
from collections.abc import Callable
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import ConnectionError as RedisUnreachable
from redis.exceptions import RedisError

from bot.desk.presence import Presence
from bot.gateway.cluster.messages import GatewayNews
from bot.gateway.cluster.redis_server import PATIENCE_SECONDS, connect, prefix
from bot.gateway.supervise import beat
from bot.http.hub import Hub
from bot.settings.env.settings import Settings

log = logging.getLogger(__name__)

# Each gateway hears its own messages too: one that hears nothing for several beats is cut off, socket or not.
BEAT_SECONDS = 1.0
SILENCE_SECONDS = 4.0
FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 0.1, 5.0


class OtherGateways:
    """The background task. ``names`` begins the name of the channel; by default that of this installation."""

    def __init__(
        self, settings: Settings, redis_url: str, hub: Hub, presence: Presence, names: str | None = None
    ) -> None:
        self._url = redis_url
        self._channel = f"{names or prefix(settings)}news"
        self._me = secrets.token_hex(8)
        self._receiving, self._works = False, True
        self._look: Callable[[], None] = lambda: None
        self._news = GatewayNews(hub, presence, lambda: self._look(), SILENCE_SECONDS)

    def receiving(self) -> bool:
        """Return whether others' news reaches us through Redis at present."""
        return self._receiving

    def connected(self) -> bool:
        """Return whether Redis answers."""
        return self._receiving

    def wake(self, topic: str) -> None:
        """The topic has news that this gateway stored."""
        if self._receiving:
            self._news.wake(topic)

    def typing(self, topic: str, author: str, name: str, on: bool) -> None:
        """Somebody writes, or no more, in sight of this gateway."""
        if self._receiving:
            self._news.typing(topic, author, name, on)

    def came_or_left(self, topic: str) -> None:
        """Somebody began or ceased to follow a conversation here."""
        if self._receiving:
            self._news.came_or_left(topic)

    async def run(self, look_soon: Callable[[], None]) -> None:
        """Runs until cancelled. ``look_soon`` has the database looked into now."""
        self._look = look_soon
        wait = FIRST_RETRY_SECONDS
        while True:
            redis = connect(self._url)
            try:
                await self._exchange(redis)
            except (RedisError, OSError, ExceptionGroup) as error:
                wait = FIRST_RETRY_SECONDS if self._receiving else min(wait * 2, LONGEST_RETRY_SECONDS)
                self._cut_off(error)
                beat()  # without Redis the gateway works on alone: /readyz shows that under "redis"
            finally:
                self._receiving = False
                await redis.aclose()
            await asyncio.sleep(wait)

    async def _exchange(self, redis: Redis) -> None:
        """Tell and hear until something fails."""
        async with redis.pubsub() as pubsub:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await pubsub.subscribe(self._channel)
            if await pubsub.get_message(timeout=PATIENCE_SECONDS) is None:
                raise RedisUnreachable("no answer to the subscription")
            self._back()
            async with asyncio.TaskGroup() as both:
                both.create_task(self._receive(pubsub))
                both.create_task(self._publish(redis))

    def _back(self) -> None:
        self._news.reset()
        self._receiving = True
        if not self._works:
            log.info("Redis answers again: other gateways' news comes from it at once")
        self._works = True
        # From here on we are told; what was stored until here is found by looking.
        self._look()

    def _cut_off(self, error: BaseException) -> None:
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        if not isinstance(error, RedisError | OSError):
            log.error("telling the other gateways broke: %s", type(error).__name__, exc_info=error)
        elif self._works:
            log.warning(
                "Redis does not answer (%s): other gateways' news is looked for in the database, nothing is lost; "
                "trying to reach Redis again",
                type(error).__name__,
            )
        self._works, self._receiving = False, False
        self._news.forget_all()
        self._look()

    async def _publish(self, redis: Redis) -> None:
        # What we stored while we were cut off was told to nobody: the first message has the others look.
        message: dict[str, Any] = {"look": True}
        while True:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await redis.publish(self._channel, json.dumps({"from": self._me, **message}))
            beat()
            message = {}
            try:
                async with asyncio.timeout(BEAT_SECONDS):
                    await self._news.some.wait()
            except TimeoutError:
                continue
            message = self._news.take()

    async def _receive(self, pubsub: PubSub) -> None:
        while True:
            heard = await pubsub.get_message(timeout=SILENCE_SECONDS)
            if heard is None:
                raise RedisUnreachable("nothing heard, not even from ourselves")
            if heard["type"] == "message":
                self._news.deliver(heard["data"], self._me)
