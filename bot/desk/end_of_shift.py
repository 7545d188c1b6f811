"""My day: my open work, and how it is handed over."""

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.request_context import DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.requests import json_body
from bot.services.desk import end_of_shift


async def work(_request: Request, visit: DeskRequest) -> HTTPResponse:
    """My conversations, then the issues of mine that wait."""
    return json({"work": await end_of_shift.open_work(visit.ctx, visit.signed_in.technician)}, headers=NO_STORE)


async def hand_over(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return each item to a team or a colleague, with a note; the answer says for each whether it was done."""
    items = json_body(request).get("items")
    return json({"items": await end_of_shift.hand_over(visit.ctx, visit.signed_in.technician, items)})
