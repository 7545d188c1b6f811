"""The messages between gateways: news, typing, presence. They never hold customers' words."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from bot.desk.presence import Here, Presence
from bot.http.hub import Hub, desk_topic
from bot.services.core.topics import DESK

log = logging.getLogger(__name__)


class GatewayNews:
    """Gathers what is to be said until it is taken, and passes on what is heard.

    ``look_soon`` has the database looked into. A gateway that was not heard for ``silence_seconds`` is gone.
    """

    def __init__(self, hub: Hub, presence: Presence, look_soon: Callable[[], None], silence_seconds: float) -> None:
        self._hub, self._presence, self._look_soon = hub, presence, look_soon
        self._silence_seconds = silence_seconds
        self._topics: set[str] = set()
        self._typing: list[list[Any]] = []
        self._came_or_left: set[str] = set()
        self._heard_at: dict[str, float] = {}
        self.some = asyncio.Event()

    def wake(self, topic: str) -> None:
        self._topics.add(topic)
        self.some.set()
        self._line_moved(topic)

    def typing(self, topic: str, author: str, name: str, on: bool) -> None:
        self._typing.append([topic, author, name, on])
        self.some.set()

    def came_or_left(self, topic: str) -> None:
        if topic != DESK and not topic.startswith(desk_topic("")):
            self._came_or_left.add(topic)
            self.some.set()

    def reset(self) -> None:
        """Others look into the database for what we stored while we were cut off; they need to be told who is here."""
        self._topics.clear()
        self._typing.clear()
        self._say_who_is_here()

    def take(self) -> dict[str, Any]:
        """Return all that was gathered."""
        self.some.clear()
        here = {one: asdict(self._presence.here(self._hub, one)) for one in self._came_or_left}
        taken = {"wake": sorted(self._topics), "typing": self._typing, "here": here}
        self._topics, self._typing, self._came_or_left = set(), [], set()
        return taken

    def deliver(self, data: str, me: str) -> None:
        """Wake whom another's message concerns; our own tells that the connection works, and what time it is."""
        try:
            message = json.loads(data)
            gateway = str(message["from"])
            topics = [str(topic) for topic in message.get("wake", ())]
            signals = [(str(topic), author, name, on) for topic, author, name, on in message.get("typing", ())]
            here = {str(topic): _here(one) for topic, one in message.get("here", {}).items()}
            look = bool(message.get("look"))
        except (ValueError, TypeError, KeyError, AttributeError):
            log.warning("something that no gateway of this version says came through Redis; passed over")
            return
        if gateway == me:
            self._forget_the_silent()
            return
        self._heard_at[gateway] = time.monotonic()
        for topic in topics:
            self._hub.wake(topic)
            self._line_moved(topic)
        for topic, author, name, on in signals:
            self._hub.signal(topic, {"author": author, "name": name, "on": on})
        for topic, somebody in here.items():
            self._presence.receive(gateway, topic, somebody)
            self._hub.wake(desk_topic(topic))
        if look:
            self._say_who_is_here()
            self._look_soon()

    def forget_all(self) -> None:
        """Nobody is heard any more: who has what open elsewhere is not known."""
        for gateway in list(self._heard_at):
            self._forget(gateway)

    def _say_who_is_here(self) -> None:
        for topic in self._hub.topics():
            self.came_or_left(topic)

    def _forget_the_silent(self) -> None:
        now = time.monotonic()
        for gateway, heard_at in list(self._heard_at.items()):
            if now - heard_at > self._silence_seconds:
                self._forget(gateway)

    def _forget(self, gateway: str) -> None:
        del self._heard_at[gateway]
        for topic in self._presence.forget(gateway):
            self._hub.wake(desk_topic(topic))

    def _line_moved(self, topic: str) -> None:
        """Do nothing: the watcher of each gateway finds the new queue positions."""
        if topic == DESK:
            self._look_soon()


def _here(said: dict[str, Any]) -> Here:
    return Here(bool(said["customer"]), [(int(number), str(name)) for number, name in said["pages"]])
