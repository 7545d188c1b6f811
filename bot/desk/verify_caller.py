"""Prove who is asking: a technician's own word, or a code that a caller reads out."""

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.request_context import DeskRequest
from bot.http.requests import json_body
from bot.services.desk import verify_caller


async def confirm(request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
    """Return the customer belongs to ``contract_number``; empty takes it back."""
    number = json_body(request).get("contract_number")
    told = await verify_caller.confirm_contract(visit.ctx, visit.signed_in.technician, conversation_id, number)
    return json({"told": told})


async def send_code(request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
    """Mail a code to the address of ``contract_number``, or without one to the customer's own."""
    number = json_body(request).get("contract_number")
    told = await verify_caller.send_code(visit.ctx, visit.signed_in.technician, conversation_id, number)
    return json({"told": told}, status=202)


async def check_code(request: Request, visit: DeskRequest, conversation_id: str) -> HTTPResponse:
    """Return whether ``code`` is what was mailed; 409 ``wrong_code``."""
    code = json_body(request).get("code")
    return json({"told": await verify_caller.check_code(visit.ctx, visit.signed_in.technician, conversation_id, code)})
