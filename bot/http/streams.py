"""Server-sent events with catch-up, live events, and a heartbeat that detects dead connections.

The wire format: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from sanic import Request
from sanic.response import ResponseStream

from bot.http.hub import Hub

HEARTBEAT_SECONDS = 15.0
# Jitter: streams that were opened together, after a restart for instance, must not beat and query at the same moment.
EARLIER_MILLISECONDS = 3000
# A stream that was not woken for so many heartbeats queries by itself, in case a wake was lost.
BEATS_BETWEEN_LOOKS = 4
HEADERS = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
}

Event = tuple[str, Any, int | None]


class Reader(Protocol):
    """Finds the unsent events of one stream; events are (name, data, SSE id or None).

    ``as_of`` is the stamp of the last read, so that news which is known already wakes nobody.
    """

    as_of: datetime | None

    async def look(self) -> Sequence[Event]: ...


async def stream(request: Request, hub: Hub, topic: str, reader: Reader) -> ResponseStream | None:
    """Send the events of ``reader``, now and after every wake, until the client disconnects.

    Subscribed before the first read, so that nothing stored in between is missed.
    """
    async with hub.listen(topic) as listener:
        response = await request.respond(content_type="text/event-stream; charset=utf-8", headers=HEADERS)
        if response is None:
            return None
        await response.send(f"retry: {1000 + secrets.randbelow(2000)}\n\n")
        listener.news.set()
        beats = secrets.randbelow(BEATS_BETWEEN_LOOKS)
        while True:
            if listener.take_news():
                news = await reader.look()
                listener.seen = reader.as_of
                for name, data, event_id in news:
                    await response.send(encode(name, data, event_id))
            while listener.signals:
                await response.send(encode("typing", listener.signals.pop(0)))
            if not await listener.wait(HEARTBEAT_SECONDS - secrets.randbelow(EARLIER_MILLISECONDS) / 1000):
                await response.send(": still here\n\n")
                beats += 1
                if beats % BEATS_BETWEEN_LOOKS == 0:
                    listener.news.set()


def encode(name: str, data: Any, event_id: int | None = None) -> str:
    """Encode one event in the wire format; the JSON holds no raw line break."""
    head = f"id: {event_id}\n" if event_id is not None else ""
    return f"{head}event: {name}\ndata: {json.dumps(data)}\n\n"
