"""The privacy page: find, export and erase a customer's data."""

import json as plain_json

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.pages import Pages
from bot.desk.request_context import DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.requests import json_body
from bot.services.core import audit
from bot.services.core.errors import NotSure
from bot.services.privacy import customer_export, erasure

ROLES = ("admin",)


async def export(_request: Request, visit: DeskRequest, customer_id: int) -> HTTPResponse:
    """Everything that is kept of the customer, as a JSON file."""
    actor = audit.technician_actor(visit.signed_in.technician)
    told = await customer_export.export_customer(visit.ctx, customer_id, actor=actor)
    name = f'attachment; filename="customer-{customer_id}.json"'
    return HTTPResponse(
        plain_json.dumps(told, indent=2, ensure_ascii=False),
        headers={**NO_STORE, "Content-Disposition": name},
        content_type="application/json; charset=utf-8",
    )


async def erase(request: Request, visit: DeskRequest, customer_id: int) -> HTTPResponse:
    """Erase the customer's personal data for good; ``sure`` must be the customer's number."""
    if str(json_body(request).get("sure", "")).strip().lstrip("#") != str(customer_id):
        raise NotSure("Write the customer's number to confirm; nothing was erased.")
    actor = audit.technician_actor(visit.signed_in.technician)
    erased = await erasure.erase_customer(visit.ctx, customer_id, actor=actor)
    days = visit.ctx.support.retention.backup_days
    told = f"Erased. Backups made before hold it still; those in our own folder go after {days} days."
    return json({**erased, "told": told})


async def page(pages: Pages, request: Request, visit: DeskRequest) -> HTTPResponse:
    """Find a customer by reference, e-mail or number."""
    query = request.args.get("q") or ""
    found = await customer_export.find_customers(visit.ctx, query)
    kept = visit.ctx.support.retention
    return pages.page(
        visit, "privacy.html", here="administration", part="privacy", query=query, customers=found, kept=kept
    )


API = (
    ("GET", "/customers/<customer_id:int>/export", export, ROLES),
    ("POST", "/customers/<customer_id:int>/erase", erase, ROLES),
)
PAGES = (("/administration/privacy", page, ROLES),)
