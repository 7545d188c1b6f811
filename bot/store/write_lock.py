"""One writer at a time on SQLite, with two priorities and without starvation."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

# After this many writers with priority in a row, one without it is served.
MOST_IN_A_ROW = 10


class WriteLock:
    """An asyncio lock with two queues, each served in the order of arrival."""

    def __init__(self) -> None:
        self._taken = False
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()
        self._in_a_row = 0

    @asynccontextmanager
    async def acquire(self, *, priority: bool = False) -> AsyncIterator[None]:
        """Wait for the lock and hold it for the block."""
        await self._wait(priority)
        try:
            yield
        finally:
            self._release()

    async def _wait(self, priority: bool) -> None:
        if not self._taken:
            self._taken = True
            return
        turn = asyncio.get_running_loop().create_future()
        (self._urgent if priority else self._others).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._release()  # it was handed to us at the same moment: pass it on
            raise

    def _release(self) -> None:
        while queue := self._next_queue():
            turn = queue.popleft()
            if not turn.done():
                self._in_a_row = self._in_a_row + 1 if queue is self._urgent else 0
                turn.set_result(None)
                return
        self._taken = False

    def _next_queue(self) -> deque[asyncio.Future[None]] | None:
        if self._urgent and not (self._others and self._in_a_row >= MOST_IN_A_ROW):
            return self._urgent
        return self._others or None
