"""Wake whoever listens in this process: event streams, the turn worker, the desk.

A wake says only "look again"; what there is to see is always read from the database.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Signal = dict[str, Any]


@dataclass(eq=False)
class Listener:
    """One open stream: an event to wait on, and the passing signals (typing) it has not sent yet."""

    woken: asyncio.Event = field(default_factory=asyncio.Event)
    signals: list[Signal] = field(default_factory=list)

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


def _nobody(_topic: str, _on: bool) -> None:
    """No channel shows it."""


class Hub:
    """Topics are conversation ids, and "desk" for the technicians' queue."""

    def __init__(self) -> None:
        self.on_typing: Callable[[str, bool], None] = _nobody
        self._listeners: dict[str, set[Listener]] = defaultdict(set)

    @asynccontextmanager
    async def listen(self, topic: str) -> AsyncIterator[Listener]:
        listener = Listener()
        self._listeners[topic].add(listener)
        self.wake(desk_topic(topic))
        try:
            yield listener
        finally:
            self._listeners[topic].discard(listener)
            if not self._listeners[topic]:
                del self._listeners[topic]
            self.wake(desk_topic(topic))

    def listening(self, topic: str) -> int:
        """How many streams of this process follow the topic."""
        return len(self._listeners.get(topic, ()))

    def topics(self) -> list[str]:
        return list(self._listeners)

    def streams(self) -> int:
        """How many streams are open in this process."""
        return sum(len(listeners) for listeners in self._listeners.values())

    def wake(self, topic: str) -> None:
        for listener in self._listeners.get(topic, ()):
            listener.woken.set()

    def signal(self, topic: str, signal: Signal) -> None:
        """Pass on something that is not stored, such as typing."""
        for listener in self._listeners.get(topic, ()):
            listener.signals.append(signal)
            listener.woken.set()

    def typing(self, topic: str, author: str, name: str, on: bool) -> None:
        """Somebody writes; ``on_typing`` hears of those on our side, for customers who have no stream."""
        self.signal(topic, {"author": author, "name": name, "on": on})
        if author != "customer":
            self.on_typing(topic, on)
