"""One writer at a time on SQLite; those whom somebody outside waits for go first, but never for ever."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

# After so many in a row that went first, one of the others has its turn.
MOST_IN_A_ROW = 10


class Turnstile:
    """A lock with two queues, each served in the order of arrival."""

    def __init__(self) -> None:
        self._taken = False
        self._first: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()
        self._in_a_row = 0

    @asynccontextmanager
    async def passing(self, *, first: bool = False) -> AsyncIterator[None]:
        """Wait for one's turn and hold it for the block."""
        await self._enter(first)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, first: bool) -> None:
        if not self._taken:
            self._taken = True
            return
        turn = asyncio.get_running_loop().create_future()
        (self._first if first else self._others).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()  # it was given to us in the same moment: pass it on
            raise

    def _leave(self) -> None:
        while queue := self._next_queue():
            turn = queue.popleft()
            if not turn.done():
                self._in_a_row = self._in_a_row + 1 if queue is self._first else 0
                turn.set_result(None)
                return
        self._taken = False

    def _next_queue(self) -> deque[asyncio.Future[None]] | None:
        if self._first and not (self._others and self._in_a_row >= MOST_IN_A_ROW):
            return self._first
        return self._others or None
