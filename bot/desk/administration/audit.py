"""The audit page, for supervisors."""

from typing import Any
from urllib.parse import urlencode

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.pages import Pages
from bot.desk.request_context import SUPERVISORS, DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.services.core.errors import Invalid
from bot.services.core.input_values import whole_number
from bot.services.desk import audit_view

FILTERS = ("technician", "action", "reference", "since", "until", "readings")


async def listed(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return a page of the audit, the newest first."""
    filters, number = _filters(request)
    found = await audit_view.audit_page(visit.ctx, filters, number)
    await audit_view.record_reading(visit.ctx, visit.signed_in.technician, filters)
    return json(found, headers=NO_STORE)


async def page(pages: Pages, request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the audit as a page; its filters are in the address."""
    filters, number = _filters(request)
    found = await audit_view.audit_page(visit.ctx, filters, number)
    await audit_view.record_reading(visit.ctx, visit.signed_in.technician, filters)
    address = {name: value for name, value in filters.items() if value}
    shown: dict[str, Any] = {"found": found, "filters": filters, "page": number, "a_page": audit_view.A_PAGE}
    return pages.page(visit, "audit.html", here="reports", address=urlencode(address), **shown)


def _filters(request: Request) -> tuple[dict[str, str | None], int]:
    filters = {name: request.args.get(name) or None for name in FILTERS}
    number = whole_number(request.args.get("page") or "1", 4)
    if number is None:
        raise Invalid("page must be a whole number.")
    return filters, number


API = (("GET", "/audit", listed, SUPERVISORS),)
PAGES = (("/audit", page, SUPERVISORS),)
