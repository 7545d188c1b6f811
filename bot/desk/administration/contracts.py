"""Support contracts: list, edit, what ends soon, import from CSV with a dry run."""

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.pages import Pages
from bot.desk.request_context import DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.requests import json_body
from bot.services.billing import contracts, unknown_companies
from bot.services.billing.contracts import STATES, BadContracts
from bot.services.core import audit
from bot.services.core.errors import BadContract, BadContractFile, NoFile

ROLES = ("admin",)
WORDS = {
    "in_force": "in force",
    "ends_soon": "ends within 30 days",
    "ended": "ended",
    "not_begun": "not begun",
    "suspended": "suspended",
}


async def listed(request: Request, visit: DeskRequest) -> HTTPResponse:
    """``q``: number, company or domain; ``state`` narrows it down."""
    found = await contracts.find_contracts(visit.ctx, request.args.get("q") or "", request.args.get("state") or "")
    return json({"contracts": found}, headers=NO_STORE)


async def save(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Add a contract, or change the one of this number."""
    try:
        saved = await contracts.save_contract(
            visit.ctx, json_body(request), actor=audit.technician_actor(visit.signed_in.technician)
        )
    except BadContracts as error:
        raise BadContract(f"{error.in_words()} Nothing was changed.") from error
    return json({"number": saved.number, "told": f"Contract {saved.number} is saved."})


async def import_csv(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return a CSV ``file``; with ``dry_run`` it is only checked. All of it or nothing."""
    uploaded = request.files.get("file") if request.files else None
    if uploaded is None:
        raise NoFile("Choose a CSV file; nothing was changed.")
    try:
        read = contracts.read_contracts(uploaded.body)
        contracts.check_products(visit.ctx.support, read)
    except BadContracts as error:
        raise BadContractFile(f"{error.in_words()} Nothing was changed.") from error
    if (request.form.get("dry_run") if request.form else None) in ("true", "on", "1"):
        return json({"contracts": len(read), "told": f"{len(read)} contracts are fine; nothing was changed."})
    await contracts.import_contracts(visit.ctx, read, actor=audit.technician_actor(visit.signed_in.technician))
    return json({"contracts": len(read), "told": f"{len(read)} contracts are imported."})


async def unknown(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the workspaces and tenants that wrote and are on no contract."""
    return json({"companies": await unknown_companies.unknown_companies(visit.ctx)}, headers=NO_STORE)


async def put_place(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Put a workspace or a tenant on a contract."""
    body = json_body(request)
    number = await unknown_companies.put_on_contract(
        visit.ctx,
        body.get("channel"),
        body.get("place"),
        body.get("number"),
        actor=audit.technician_actor(visit.signed_in.technician),
    )
    return json({"number": number, "told": f"It is on contract {number} now."})


async def page(pages: Pages, request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the list with a form for each contract, one for a new one, and the import."""
    query, state = request.args.get("q") or "", request.args.get("state") or ""
    found = await contracts.find_contracts(visit.ctx, query, state if state in STATES else "")
    return pages.page(
        visit,
        "contracts.html",
        products=tuple(visit.ctx.support.products),
        here="administration",
        part="contracts",
        contracts=found,
        unknown=await unknown_companies.unknown_companies(visit.ctx),
        query=query,
        wanted=state,
        states=WORDS,
        statuses=contracts.STATUSES,
    )


API = (
    ("GET", "/contracts", listed, ROLES),
    ("POST", "/contracts", save, ROLES),
    ("POST", "/contracts/import", import_csv, ROLES),
    ("GET", "/contracts/unknown", unknown, ROLES),
    ("POST", "/contracts/places", put_place, ROLES),
)
PAGES = (("/administration/contracts", page, ROLES),)
