"""Macros: kept, changed, and applied to a conversation."""

import uuid

from sanic import HTTPResponse, Request
from sanic.response import empty, json

from bot.desk.conversation import stands
from bot.desk.request_context import DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.requests import json_body
from bot.services.core import rate_limits
from bot.services.desk import macros, technician_messages


async def listed(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the macros I may use; with ``conversation`` their placeholders are filled in."""
    found = await macros.list_macros(visit.ctx, visit.signed_in.technician, request.args.get("conversation"))
    return json({"macros": found}, headers=NO_STORE)


async def add(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Keep a new macro."""
    return json(await macros.save_macro(visit.ctx, visit.signed_in.technician, json_body(request)), status=201)


async def change(request: Request, visit: DeskRequest, macro_id: int) -> HTTPResponse:
    """Change a macro."""
    return json(await macros.save_macro(visit.ctx, visit.signed_in.technician, json_body(request), macro_id))


async def remove(_request: Request, visit: DeskRequest, macro_id: int) -> HTTPResponse:
    """Take a macro away."""
    await macros.remove_macro(visit.ctx, visit.signed_in.technician, macro_id)
    return empty()


async def apply(request: Request, visit: DeskRequest, conversation_id: str, macro_id: int) -> HTTPResponse:
    """Do what the macro says; ``text`` is its reply as it was read and changed, empty for none."""
    technician, fields = visit.signed_in.technician, json_body(request)
    rate_limits.check_limit(visit.ctx, f"desk:{technician.id}", rate_limits.writing_limit(visit.ctx))
    body = {"client_message_id": fields.get("client_message_id") or str(uuid.uuid4()), "text": fields.get("text")}
    reply = technician_messages.parse(body) if fields.get("text") else None
    await macros.apply_macro(visit.ctx, technician, conversation_id, macro_id, reply)
    return await stands(visit, conversation_id)
