"""Answers of a platform about its people, kept for some minutes so that not every message asks for them."""

import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from bot.services.outbox.outcomes import Refused

# A colleague who leaves is switched off at the desk at once; an address is changed rarely.
KEPT_SECONDS, REFUSED_SECONDS = 600.0, 60.0
MOST_KEPT = 5_000
Answer = TypeVar("Answer")


class Remembered(Generic[Answer]):
    """One kind of answer by its question. A refusal, and an empty answer, are soon asked for again."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[Answer | None, float]] = {}

    async def find(self, key: Hashable, ask: Callable[[], Awaitable[Answer | None]]) -> Answer | None:
        """Return the answer to ``key``, None where it was refused; raises NotNow as ``ask`` does."""
        found = self._known.get(key)
        if found is not None and found[1] > time.monotonic():
            return found[0]
        try:
            answer = await ask()
        except Refused:
            answer = None
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[key] = (answer, time.monotonic() + (KEPT_SECONDS if answer else REFUSED_SECONDS))
        return answer
