"""Publish and subscribe within this process: wake event streams, the turn worker and the desk.

A wake only means "query again"; the content is always read from the database.
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
    """One open stream: an event to wait on, and the transient signals (typing) it has not sent yet.

    ``news`` is set when the database must be queried; a signal alone does not set it. ``seen`` is the stamp of the
    stream's last read, if it reports one.
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
        """Return and clear ``news``; call it once per wake."""
        there_is = self.news.is_set()
        self.news.clear()
        return there_is

    async def wait(self, seconds: float) -> bool:
        """Wait until woken, at most ``seconds``; return False on timeout.

        Not ``asyncio.wait_for``: on Python 3.11 it swallows a cancellation that arrives together with the wake, and the
        stream would then never end: https://github.com/python/cpython/issues/86296
        """
        try:
            async with asyncio.timeout(seconds):
                await self.woken.wait()
        except TimeoutError:
            return False
        self.woken.clear()
        return True


def desk_topic(conversation_id: str) -> str:
    """Return the topic of a conversation's signals to technicians: the customer's typing and presence."""
    return f"desk:{conversation_id}"


def _nobody(*_: object) -> None:
    """Ignore presence when nobody subscribes."""


class Hub:
    """Topics are conversation ids, and "desk" for the technicians' queue.

    ``on_typing`` (topic, author, name, on) forwards typing to streams in other processes. ``on_presence`` (topic)
    reports that a stream began or ended.
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
        """Notify that the topic's audience changed: technicians see who is present."""
        self.wake(desk_topic(topic))
        self.on_presence(topic)

    def topics(self) -> list[str]:
        """Return all topics with streams in this process."""
        return list(self._listeners)

    def listening(self, topic: str) -> int:
        """Return the number of streams of this process on the topic."""
        return len(self._listeners.get(topic, ()))

    def streams(self) -> int:
        """Return the number of open streams in this process."""
        return sum(len(listeners) for listeners in self._listeners.values())

    def wake(self, topic: str, stamp: datetime | None = None) -> None:
        """Wake the topic's streams, but not those whose ``seen`` equals ``stamp``."""
        for listener in self._listeners.get(topic, ()):
            if stamp is None or listener.seen != stamp:
                listener.news.set()
                listener.woken.set()

    def signal(self, topic: str, signal: Signal) -> None:
        """Send a transient signal, such as typing, to the topic's streams."""
        for listener in self._listeners.get(topic, ()):
            listener.add_signal(signal)
            listener.woken.set()

    def typing(self, topic: str, author: str, name: str, on: bool) -> None:
        """Publish that somebody in this process began or stopped typing."""
        self.signal(topic, {"author": author, "name": name, "on": on})
        self.on_typing(topic, author, name, on)
