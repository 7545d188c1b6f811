"""Issues by reference and by search."""

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.sign_in import NO_STORE
from bot.desk.visit import Visit
from bot.services import desk_issues


async def show(_request: Request, visit: Visit, reference: str) -> HTTPResponse:
    """The issue of a reference, in whatever spelling."""
    issue = await desk_issues.by_reference(visit.ctx, visit.signed_in.technician, reference)
    return json(issue, headers=NO_STORE)


async def search(request: Request, visit: Visit) -> HTTPResponse:
    """``q``: reference, customer, contact or words; ``status`` narrows it down."""
    found = await desk_issues.search(
        visit.ctx, visit.signed_in.technician, request.args.get("q") or "", request.args.get("status")
    )
    return json({"issues": found}, headers=NO_STORE)
