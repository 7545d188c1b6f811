"""Event streams of the desk: one page may follow several topics, and its stream ends with its session."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack

from sanic import Request
from sanic.response import ResponseStream

from bot.desk.request_context import DeskRequest
from bot.http.hub import Listener, Signal
from bot.http.streams import HEADERS, HEARTBEAT_SECONDS, Event, encode
from bot.services.technician import sessions

Look = Callable[[], Awaitable[Sequence[Event]]]
RETRY_MILLISECONDS = 2000


async def follow(
    request: Request,
    visit: DeskRequest,
    topics: Sequence[str],
    look: Look,
    hears: Callable[[Signal], bool] = lambda _: True,
) -> ResponseStream | None:
    """Send what ``look`` finds, now and after every wake on any topic, until the session or the page ends.

    A ``beat`` event every 15 s lets the page notice a dead connection; ``signed_out`` is the last one of a
    session that is over. ``hears`` chooses the passing signals (typing).
    """
    async with AsyncExitStack() as listening:
        listener = await _listen(visit, topics, listening)
        response = await request.respond(content_type="text/event-stream; charset=utf-8", headers=HEADERS)
        if response is None:
            return None
        await response.send(f"retry: {RETRY_MILLISECONDS}\n\n")
        listener.news.set()
        while await _still_signed_in(visit):
            for name, data, event_id in await look() if listener.take_news() else ():
                await response.send(encode(name, data, event_id))
            while listener.signals:
                signal = listener.signals.pop(0)
                if hears(signal):
                    await response.send(encode("typing", signal))
            if not await listener.wait(HEARTBEAT_SECONDS):
                await response.send(encode("beat", {}))
                listener.news.set()  # a page that nobody woke for so long looks for itself
        await response.send(encode("signed_out", {}))
        await response.eof()
    return None


async def _listen(visit: DeskRequest, topics: Sequence[str], listening: AsyncExitStack) -> Listener:
    """Return one listener for all topics: they share its event and its signals."""
    first = await listening.enter_async_context(visit.hub.listen(topics[0]))
    for topic in topics[1:]:
        further = await listening.enter_async_context(visit.hub.listen(topic))
        further.woken, further.news, further.signals = first.woken, first.news, first.signals
    return first


async def _still_signed_in(visit: DeskRequest) -> bool:
    return await sessions.check_session(visit.ctx, visit.signed_in.token_hash, in_use=False) is not None
