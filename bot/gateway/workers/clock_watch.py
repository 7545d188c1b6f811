"""Notice when the machine's clock is set: leases and waits go by it, and the operator should hear of it."""

import logging
import time

from bot.gateway.workers.scheduler import JOBS
from bot.services.core.context import Context
from bot.services.hand_off import silence
from bot.services.upkeep import clock_jump

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1.0
# NTP corrects by less; a process that was paused sees no jump, because both clocks went on.
JUMP_SECONDS = 2.0
SHOWN_FOR_SECONDS = 600.0


class ClockWatch:
    """Compares the clock of the day with one that only ever goes forward."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._offset = self._measure()
        self._jumped_at: float | None = None
        self._check_pending = True  # the clock may have been set while we were not running

    @property
    def state(self) -> str:
        """``up``, or ``jumped`` for ten minutes after a jump."""
        recent = self._jumped_at is not None and time.monotonic() - self._jumped_at < SHOWN_FOR_SECONDS
        return "jumped" if recent else "up"

    async def look(self) -> None:
        """Repair what waits if the clock was set back since the last look, or at the first one.

        If it was set forward, let the silence rule count from now on.
        """
        offset = self._measure()
        jump, self._offset = offset - self._offset, offset
        if abs(jump) >= JUMP_SECONDS:
            self._jumped_at = time.monotonic()
            self._check_pending |= jump < 0
            silence.clock_was_set(self._ctx, jump)
            log.warning("the machine's clock was set by %+.0f s", jump)
        if self._check_pending:
            await clock_jump.repair_due_times(self._ctx, JOBS)
            self._check_pending = False

    def _measure(self) -> float:
        return self._ctx.clock().timestamp() - time.monotonic()
