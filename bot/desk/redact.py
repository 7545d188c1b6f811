"""Take words or a file out of a conversation."""

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.request_context import DeskRequest
from bot.http.requests import json_body, number_in_path
from bot.services.desk import redact


async def mask(request: Request, visit: DeskRequest, conversation_id: str, seq: str) -> HTTPResponse:
    """Mask a message, or only ``words`` of it."""
    number = number_in_path(seq, "There is no such message.")
    technician, words = visit.signed_in.technician, json_body(request).get("words")
    return json(await redact.mask_message(visit.ctx, technician, conversation_id, number, words))


async def remove_file(_request: Request, visit: DeskRequest, conversation_id: str, attachment_id: str) -> HTTPResponse:
    """Delete a file."""
    technician = visit.signed_in.technician
    return json(await redact.remove_file(visit.ctx, technician, conversation_id, attachment_id))
