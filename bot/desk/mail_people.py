"""The people of a conversation by mail: let somebody in who wrote to it, remove somebody from it."""

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.request_context import DeskRequest
from bot.http.requests import json_body
from bot.services.desk import mail_people


async def let_in(request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
    """Let ``address``, a new sender, get our mails from now on."""
    address = json_body(request).get("address")
    told = await mail_people.let_in(visit.ctx, visit.signed_in.technician, conversation_id, address)
    return json({"told": told})


async def remove(request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
    """Send ``address`` no more mails of this conversation."""
    address = json_body(request).get("address")
    told = await mail_people.remove(visit.ctx, visit.signed_in.technician, conversation_id, address)
    return json({"told": told})
