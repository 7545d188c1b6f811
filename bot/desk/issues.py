"""Issues by reference and by search."""

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.sign_in import NO_STORE
from bot.desk.visit import Visit
from bot.http.requests import json_body
from bot.services import desk_issues, desk_status


async def show(_request: Request, visit: Visit, reference: str) -> HTTPResponse:
    """The issue of a reference, in whatever spelling."""
    issue = await desk_issues.by_reference(visit.ctx, visit.signed_in.technician, reference)
    return json(issue, headers=NO_STORE)


async def set_status(request: Request, visit: Visit, reference: str) -> HTTPResponse:
    """In progress, waiting for the customer, waiting for us until a moment, resolved, or open again."""
    fields = json_body(request)
    await desk_status.set_status(
        visit.ctx, visit.signed_in.technician, reference, fields.get("status"), fields.get("until")
    )
    return await show(request, visit, reference)


async def search(request: Request, visit: Visit) -> HTTPResponse:
    """``q``: reference, customer, contact or words; ``status`` narrows it down."""
    found = await desk_issues.search(
        visit.ctx, visit.signed_in.technician, request.args.get("q") or "", request.args.get("status")
    )
    return json({"issues": found}, headers=NO_STORE)
