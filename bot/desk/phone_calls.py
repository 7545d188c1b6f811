"""On the phone with the customer, and the promise of a reply."""

from sanic import HTTPResponse, Request

from bot.desk.conversation import stands
from bot.desk.request_context import DeskRequest
from bot.http.requests import json_body
from bot.services.desk import reply_promise


async def call(_request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
    """Return the technician telephones the customer now; the customer sees it."""
    await reply_promise.begin_call(visit.ctx, visit.signed_in.technician, conversation_id)
    return await stands(visit, conversation_id)


async def end_call(request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
    """Return the call is over; ``minutes`` as stated, else as measured."""
    minutes = json_body(request).get("minutes")
    kept = await reply_promise.end_call(visit.ctx, visit.signed_in.technician, conversation_id, minutes)
    return await stands(visit, conversation_id, minutes=kept)


async def promise(request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
    """Return the customer is told by when they have an answer, and the silence rule waits."""
    until = json_body(request).get("until")
    await reply_promise.promise_reply(visit.ctx, visit.signed_in.technician, conversation_id, until)
    return await stands(visit, conversation_id)
