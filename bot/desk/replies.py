"""Canned replies and passages of the manual: what a technician puts into a message."""

from sanic import HTTPResponse, Request
from sanic.response import empty, json

from bot.desk.request_context import DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.requests import json_body
from bot.services.desk import canned_replies, manual_passages


async def canned(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the replies I may use; with ``conversation`` their placeholders are filled in."""
    technician, conversation_id = visit.signed_in.technician, request.args.get("conversation")
    if conversation_id:
        replies = await canned_replies.fill_replies(visit.ctx, technician, conversation_id)
    else:
        replies = await canned_replies.list_replies(visit.ctx, technician)
    return json({"replies": replies}, headers=NO_STORE)


async def add(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return a new canned reply."""
    return json(await _save(request, visit), status=201)


async def change(request: Request, visit: DeskRequest, reply_id: int) -> HTTPResponse:
    """Another title, text or team."""
    return json(await _save(request, visit, reply_id))


async def _save(request: Request, visit: DeskRequest, reply_id: int | None = None) -> dict[str, object]:
    fields = json_body(request)
    written = fields.get("title"), fields.get("text"), fields.get("team")
    return await canned_replies.save_reply(visit.ctx, visit.signed_in.technician, *written, reply_id)


async def remove(_request: Request, visit: DeskRequest, reply_id: int) -> HTTPResponse:
    """Take it away."""
    await canned_replies.remove_reply(visit.ctx, visit.signed_in.technician, reply_id)
    return empty()


async def manual(request: Request, visit: DeskRequest) -> HTTPResponse:
    """``q``: the best passages, each with the text to put into a reply."""
    address = f"{request.scheme}://{request.host}"
    found = await manual_passages.passages(visit.ctx, request.args.get("q") or "", address)
    return json({"passages": found}, headers=NO_STORE)
