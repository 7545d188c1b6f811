"""Bring an issue to the developers' tracker: what is proposed, and sending it."""

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.request_context import DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.requests import json_body
from bot.services.tracker import escalate


async def show(_request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
    """Return where the issue was brought to, and what is proposed for another place."""
    technician = visit.signed_in.technician
    proposed = await escalate.propose(visit.ctx, technician, reference)
    made = await escalate.list_escalations(visit.ctx, technician, reference)
    return json({"escalations": made, "proposed": proposed}, headers=NO_STORE)


async def send(request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
    """Queue the issue for a tracker, with the title and the text as they were edited."""
    made = await escalate.escalate(visit.ctx, visit.signed_in.technician, reference, json_body(request))
    return json({"escalation": made}, status=202)
