"""Server-sent events: first what was missed, then what comes, with a heartbeat so that silence means trouble."""

import json
import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sanic import Request
from sanic.response import ResponseStream

from bot.http.hub import Hub

HEARTBEAT_SECONDS = 15.0
HEADERS = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
}

Event = tuple[str, Any, int | None]
Look = Callable[[], Awaitable[Sequence[Event]]]


async def stream(request: Request, hub: Hub, topic: str, look: Look) -> ResponseStream | None:
    """Send what ``look`` finds, now and after every wake, until the client goes away.

    Subscribed before the first look, so that nothing stored in between is missed; ``look`` keeps its own place
    and so never repeats. Events are (name, data, SSE id or None).
    """
    async with hub.listen(topic) as listener:
        response = await request.respond(content_type="text/event-stream; charset=utf-8", headers=HEADERS)
        if response is None:
            return None
        await response.send(f"retry: {1000 + secrets.randbelow(2000)}\n\n")
        while True:
            for name, data, event_id in await look():
                await response.send(encode(name, data, event_id))
            while listener.signals:
                await response.send(encode("typing", listener.signals.pop(0)))
            if not await listener.wait(HEARTBEAT_SECONDS):
                await response.send(": still here\n\n")


def encode(name: str, data: Any, event_id: int | None = None) -> str:
    """One event in the wire format; the JSON holds no raw line break."""
    head = f"id: {event_id}\n" if event_id is not None else ""
    return f"{head}event: {name}\ndata: {json.dumps(data)}\n\n"
