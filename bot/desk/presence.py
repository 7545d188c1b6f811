"""Presence: the customer and the technicians that have a conversation open, at any gateway. Never stored."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.http.hub import Hub


@dataclass(frozen=True)
class Here:
    """Presence at one gateway. ``pages``: (id, name) of a technician for each open page."""

    customer: bool = False
    pages: list[tuple[int, str]] = field(default_factory=list)

    def anybody(self) -> bool:
        return self.customer or bool(self.pages)


class Presence:
    """Technicians by the conversations they look at; each open page counts once.

    What other gateways say of themselves is kept until they say something else or are not heard any more.
    """

    def __init__(self) -> None:
        self._pages: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._elsewhere: dict[str, dict[str, Here]] = {}

    @contextmanager
    def looking(self, hub: Hub, conversation_id: str, technician_id: int, name: str) -> Iterator[None]:
        """While this lasts the technician looks at the conversation; the others learn it."""
        page = (technician_id, name)
        self._pages[conversation_id].append(page)
        hub.came_or_left(conversation_id)
        try:
            yield
        finally:
            self._pages[conversation_id].remove(page)
            if not self._pages[conversation_id]:
                del self._pages[conversation_id]
            hub.came_or_left(conversation_id)

    def here(self, hub: Hub, conversation_id: str) -> Here:
        """Return who has it open at this gateway."""
        pages = self._pages.get(conversation_id, [])
        # The desk's own pages follow the conversation too.
        return Here(hub.listening(conversation_id) > len(pages), list(pages))

    def receive(self, gateway: str, conversation_id: str, here: Here) -> None:
        """Another gateway says who has the conversation open there."""
        known = self._elsewhere.setdefault(gateway, {})
        if here.anybody():
            known[conversation_id] = here
        else:
            known.pop(conversation_id, None)

    def forget(self, gateway: str) -> list[str]:
        """It is gone; the conversations that somebody had open there."""
        return list(self._elsewhere.pop(gateway, {}))

    def is_looking(self, hub: Hub, conversation_id: str, technician_id: int) -> bool:
        """Return whether the technician has the conversation open, at any gateway."""
        return any(one == technician_id for here in self._everywhere(hub, conversation_id) for one, _ in here.pages)

    def _everywhere(self, hub: Hub, conversation_id: str) -> list[Here]:
        elsewhere = [known[conversation_id] for known in self._elsewhere.values() if conversation_id in known]
        return [self.here(hub, conversation_id), *elsewhere]

    def seen_by(self, hub: Hub, conversation_id: str, technician_id: int) -> dict[str, Any]:
        """Return whether the customer's chat is open, and which colleagues look at it, as one technician sees it."""
        everywhere = self._everywhere(hub, conversation_id)
        others = {name for here in everywhere for other_id, name in here.pages if other_id != technician_id}
        return {"customer": any(here.customer for here in everywhere), "technicians": sorted(others)}
