"""Server-sent events: first what was missed, then what comes, with a heartbeat so that silence means trouble."""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from sanic import Request
from sanic.response import ResponseStream

from bot.http.hub import Hub

HEARTBEAT_SECONDS = 15.0
# Streams that were opened together, after a restart say, must not all beat and look at the same moment for ever after.
EARLIER_MILLISECONDS = 3000
# A stream that nobody woke for so many heartbeats looks for itself, whatever went wrong with waking.
BEATS_BETWEEN_LOOKS = 4
HEADERS = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
}

Event = tuple[str, Any, int | None]


class Reader(Protocol):
    """Finds what one stream has not sent yet; events are (name, data, SSE id or None).

    ``as_of``: the stamp of what was read last, so that news which is known already wakes nobody.
    """

    as_of: datetime | None

    async def look(self) -> Sequence[Event]: ...


async def stream(request: Request, hub: Hub, topic: str, reader: Reader) -> ResponseStream | None:
    """Send what ``reader`` finds, now and after every wake, until the client goes away.

    Subscribed before the first look, so that nothing stored in between is missed.
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
    """One event in the wire format; the JSON holds no raw line break."""
    head = f"id: {event_id}\n" if event_id is not None else ""
    return f"{head}event: {name}\ndata: {json.dumps(data)}\n\n"
