"""The queue: list, claim, and its event stream."""

from typing import Any

from sanic import HTTPResponse, Request
from sanic.response import ResponseStream, json

from bot.desk.event_streams import follow
from bot.desk.request_context import DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.requests import number_in_path
from bot.http.streams import Event
from bot.services.core.topics import DESK
from bot.services.desk import queue_view
from bot.services.hand_off import transitions


async def handoffs(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the hand-offs of one view: waiting (the default), mine, or all."""
    view = request.args.get("state") or "waiting"
    listed = await queue_view.list_queue(visit.ctx, visit.signed_in.technician, view)
    return json({"handoffs": listed}, headers=NO_STORE)


async def claim(_request: Request, visit: DeskRequest, hand_off_id: str) -> HTTPResponse:
    """Take a waiting hand-off; 409 ``taken`` names who was faster."""
    number = number_in_path(hand_off_id, "There is no such hand-off.")
    technician = visit.signed_in.technician
    claimed = await transitions.claim(visit.ctx, number, technician)
    return json(
        {
            "id": claimed.id,
            "conversation_id": claimed.conversation_id,
            "state": claimed.state,
            "technician": technician.name,
        }
    )


async def events(request: Request, visit: DeskRequest) -> ResponseStream | None:
    """``queue`` events: who waits and what is mine, whenever that changed."""
    last: dict[str, Any] = {}

    async def look() -> list[Event]:
        nonlocal last
        counts = await queue_view.queue_counts(visit.ctx, visit.signed_in.technician)
        if counts == last:
            return []
        last = counts
        return [("queue", counts, None)]

    return await follow(request, visit, [DESK], look)
