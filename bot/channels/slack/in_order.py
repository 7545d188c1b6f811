"""Keep the messages of one place in order while one of them waits for names."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class _Queue:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class InOrder:
    """One message of a place after the other, in the order they came; only where one of them has to wait."""

    def __init__(self) -> None:
        self._places: dict[str, _Queue] = {}

    @asynccontextmanager
    async def turn(self, place: str, *, waits: bool) -> AsyncIterator[None]:
        """Hold the place's turn. A message that ``waits`` for nothing needs one only behind another that does."""
        if not waits and place not in self._places:
            yield
            return
        queue = self._places.setdefault(place, _Queue())
        queue.waiting += 1
        try:
            async with queue.lock:
                yield
        finally:
            queue.waiting -= 1
            if not queue.waiting:
                del self._places[place]
