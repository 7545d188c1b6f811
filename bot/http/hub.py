"""Wake whoever listens in this process: event streams, the turn worker, the desk.

A wake says only "look again"; what there is to see is always read from the database.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Signal = dict[str, Any]
# Of one topic hardly more people type at a time.
MOST_SIGNALS = 50


@dataclass(eq=False)
class Listener:
    """One open stream: an event to wait on, and the passing signals (typing) it has not sent yet.

    ``news`` is set when there is something to look for in the database; a signal alone is no reason to. ``seen``: as
    of when the stream has read what it follows, if it says so.
    """

    woken: asyncio.Event = field(default_factory=asyncio.Event)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    signals: list[Signal] = field(default_factory=list)
    seen: datetime | None = None

    def add_signal(self, signal: Signal) -> None:
        """Keep a signal until it is sent. A later one of the same writer replaces it: a stalled stream holds few.

        Of more writers than MOST_SIGNALS the oldest signals are dropped.
        """
        writer = (signal.get("author"), signal.get("name"))
        others = [one for one in self.signals if (one.get("author"), one.get("name")) != writer]
        self.signals[:] = [*others, signal][-MOST_SIGNALS:]

    def take_news(self) -> bool:
        """Whether the database is to be looked at; asked once per wake."""
        there_is = self.news.is_set()
        self.news.clear()
        return there_is

    async def wait(self, seconds: float) -> bool:
        """Wait to be woken, at most so long; False when the time ran out.

        Not ``asyncio.wait_for``: on Python 3.11 it swallows a cancellation that arrives together with the wake,
        and the stream would then never end.
        """
        try:
            async with asyncio.timeout(seconds):
                await self.woken.wait()
        except TimeoutError:
            return False
        self.woken.clear()
        return True


def desk_topic(conversation_id: str) -> str:
    """What only technicians hear of a conversation: the customer's typing, their coming and going."""
    return f"desk:{conversation_id}"


def _nobody(*_: object) -> None:
    """Nobody is interested."""


class Hub:
    """Topics are conversation ids, and "desk" for the technicians' queue.

    ``on_typing`` (topic, author, name, on): somebody writes, or no more, for those who have no stream in this process.
    ``on_presence`` (topic): somebody began or ceased to follow it.
    """

    def __init__(self) -> None:
        self.on_typing: Callable[[str, str, str, bool], None] = _nobody
        self.on_presence: Callable[[str], None] = _nobody
        self._listeners: dict[str, set[Listener]] = defaultdict(set)

    @asynccontextmanager
    async def listen(self, topic: str) -> AsyncIterator[Listener]:
        listener = Listener()
        self._listeners[topic].add(listener)
        self.came_or_left(topic)
        try:
            yield listener
        finally:
            self._listeners[topic].discard(listener)
            if not self._listeners[topic]:
                del self._listeners[topic]
            self.came_or_left(topic)

    def came_or_left(self, topic: str) -> None:
        """Somebody began or ceased to follow the topic: technicians see who is there."""
        self.wake(desk_topic(topic))
        self.on_presence(topic)

    def topics(self) -> list[str]:
        """All that anybody follows in this process."""
        return list(self._listeners)

    def listening(self, topic: str) -> int:
        """How many streams of this process follow the topic."""
        return len(self._listeners.get(topic, ()))

    def streams(self) -> int:
        """How many streams are open in this process."""
        return sum(len(listeners) for listeners in self._listeners.values())

    def wake(self, topic: str, stamp: datetime | None = None) -> None:
        """There may be news. ``stamp``: as of when; streams that have read that already sleep on."""
        for listener in self._listeners.get(topic, ()):
            if stamp is None or listener.seen != stamp:
                listener.news.set()
                listener.woken.set()

    def signal(self, topic: str, signal: Signal) -> None:
        """Pass on something that is not stored, such as typing."""
        for listener in self._listeners.get(topic, ()):
            listener.add_signal(signal)
            listener.woken.set()

    def typing(self, topic: str, author: str, name: str, on: bool) -> None:
        """Somebody writes, or no more, in sight of this process."""
        self.signal(topic, {"author": author, "name": name, "on": on})
        self.on_typing(topic, author, name, on)
