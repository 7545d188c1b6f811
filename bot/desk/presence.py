"""Who has a conversation open right now: the customer, and other technicians. Never stored."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot.http.hub import Hub, desk_topic


class Presence:
    """Technicians by the conversations they look at; each open page counts once."""

    def __init__(self) -> None:
        self._pages: dict[str, list[tuple[int, str]]] = defaultdict(list)

    @contextmanager
    def looking(self, hub: Hub, conversation_id: str, technician_id: int, name: str) -> Iterator[None]:
        """While this lasts the technician looks at the conversation; the others learn it."""
        page = (technician_id, name)
        self._pages[conversation_id].append(page)
        hub.wake(desk_topic(conversation_id))
        try:
            yield
        finally:
            self._pages[conversation_id].remove(page)
            if not self._pages[conversation_id]:
                del self._pages[conversation_id]
            hub.wake(desk_topic(conversation_id))

    def seen_by(self, hub: Hub, conversation_id: str, technician_id: int) -> dict[str, Any]:
        """Whether the customer's chat is open, and which colleagues look at it, as one technician sees it."""
        pages = self._pages.get(conversation_id, [])
        others = {name for other_id, name in pages if other_id != technician_id}
        # The desk's own pages follow the conversation too.
        customers = hub.listening(conversation_id) - len(pages)
        return {"customer": customers > 0, "technicians": sorted(others)}
