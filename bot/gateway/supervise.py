"""Supervise the gateway's background loops: log what fails, go on with backoff, and report a loop that does not run.

A loop runs until it is cancelled. It calls ``beat`` after each round that succeeds, as ``every`` does for a loop of one
repeated step.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

from bot.services.core import log_format
from bot.services.core.cancellation import is_own_cancellation

log = logging.getLogger(__name__)

Loop = Callable[[], Awaitable[object]]

FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 0.5, 15.0
# Longer than any job that runs inside a loop; a loop without a beat for so long hangs.
STUCK_AFTER_SECONDS = 300.0
UP, STUCK = "up", "stuck"


class LoopEnded(Exception):
    """A loop returned, although it must run until it is cancelled."""


@dataclass
class LoopHealth:
    """The health of one loop. ``error`` is the type of the last error, None once a round has succeeded since."""

    error: str | None = None
    failures: int = 0
    in_a_row: int = 0
    beat_at: float = field(default_factory=time.monotonic)

    @property
    def state(self) -> str:
        """Return ``up``, ``failing: ErrorType`` until a round succeeds, or ``stuck``."""
        if self.error is not None:
            return f"failing: {self.error}"
        return STUCK if time.monotonic() - self.beat_at > STUCK_AFTER_SECONDS else UP

    def failed(self, error: BaseException) -> float:
        """Count the failure; return the seconds to wait before the next try."""
        self.error = type(error).__name__
        self.failures += 1
        self.in_a_row += 1
        wait: float = min(FIRST_RETRY_SECONDS * 2 ** min(self.in_a_row - 1, 10), LONGEST_RETRY_SECONDS)
        return wait

    def beat(self) -> None:
        self.error, self.in_a_row, self.beat_at = None, 0, time.monotonic()


_current: ContextVar[LoopHealth | None] = ContextVar("supervised_loop", default=None)


def beat() -> None:
    """Report that the loop in which this is called has done a round. Does nothing outside of ``supervise``."""
    if (health := _current.get()) is not None:
        health.beat()


def every(seconds: float, step: Loop, news: asyncio.Event | None = None) -> Loop:
    """Return a loop that runs ``step`` every so many seconds, and at once when ``news`` is set."""

    async def loop() -> None:
        while True:
            if news is not None:
                news.clear()
            await step()
            beat()
            await pause(seconds, news)

    return loop


async def pause(seconds: float, news: asyncio.Event | None = None) -> None:
    """Wait so many seconds, or until ``news`` is set."""
    if news is None:
        await asyncio.sleep(seconds)
        return
    try:
        async with asyncio.timeout(seconds):
            await news.wait()
    except TimeoutError:
        return


async def supervise(name: str, loop: Loop, health: LoopHealth) -> None:
    """Run ``loop`` until this task is cancelled. Whatever it raises is logged, and it starts again after a wait."""
    _current.set(health)
    while True:
        try:
            await loop()
            raise LoopEnded
        except (Exception, asyncio.CancelledError) as error:
            if is_own_cancellation(error):
                raise
            wait = health.failed(error)
            about = log_format.log_fields(loop=name, error=type(error).__name__, failures=health.failures)
            log.error("a background loop failed and starts again in %.1f s", wait, extra=about, exc_info=error)
        await asyncio.sleep(wait)


class Supervisor:
    """The background loops of one gateway, by name."""

    def __init__(self) -> None:
        self._health: dict[str, LoopHealth] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, name: str, loop: Loop) -> None:
        """Run the loop under ``supervise`` from now on."""
        self._health[name] = health = LoopHealth()
        self._tasks.append(asyncio.create_task(supervise(name, loop, health), name=name))

    async def stop(self) -> None:
        """Cancel every loop and wait for its end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def states(self) -> dict[str, str]:
        """Return the state of every loop."""
        return {name: health.state for name, health in self._health.items()}

    def failures(self) -> dict[str, int]:
        """Return how often each loop has failed since the gateway was started."""
        return {name: health.failures for name, health in self._health.items()}

    @property
    def state(self) -> str:
        """Return ``up``, or ``down`` when a loop does not run."""
        return UP if all(health.state == UP for health in self._health.values()) else "down"
