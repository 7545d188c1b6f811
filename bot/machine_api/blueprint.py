"""The API for machines under ``/api/v1``: each address with the scope that it asks for."""

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from bot.http.requests import json_body
from bot.machine_api.key_request import NO_STORE, Handler, KeyRequest, with_scope
from bot.services.billing import contracts
from bot.services.billing.contracts import STATES, BadContracts
from bot.services.core.errors import BadContract, Invalid
from bot.services.machine import api_keys, change_issues, read_issues
from bot.services.machine.api_keys import key_actor
from bot.services.reporting import reports


async def show_key(_request: Request, asked: KeyRequest) -> HTTPResponse:
    """Return what the key is: name, scopes, expiry."""
    key = asked.key
    expires = key.expires_at.isoformat() if key.expires_at else None
    return json({"name": key.name, "prefix": key.prefix, "scopes": key.scopes, "expires_at": expires}, headers=NO_STORE)


async def list_issues(request: Request, asked: KeyRequest) -> HTTPResponse:
    """Return a page of issues, the newest first."""
    page = await read_issues.list_issues(asked.ctx, asked.key, request.args)
    return json(vars(page), headers=NO_STORE)


async def show_issue(_request: Request, asked: KeyRequest, reference: str) -> HTTPResponse:
    """Return one issue."""
    return json(await read_issues.read_issue(asked.ctx, asked.key, reference), headers=NO_STORE)


async def create_issue(request: Request, asked: KeyRequest) -> HTTPResponse:
    """Log an issue for somebody; 200 when it was logged before under the same ``client_id``."""
    reference, repeated = await change_issues.create_issue(asked.ctx, asked.key, json_body(request))
    return json({"reference": reference}, status=200 if repeated else 201)


async def add_note(request: Request, asked: KeyRequest, reference: str) -> HTTPResponse:
    """Add a private note."""
    note = await change_issues.add_note(asked.ctx, asked.key, reference, json_body(request).get("text"))
    return json({"note_id": note}, status=201)


async def resolve_issue(request: Request, asked: KeyRequest, reference: str) -> HTTPResponse:
    """Resolve an issue that nobody works on."""
    await change_issues.resolve_issue(asked.ctx, asked.key, reference, json_body(request).get("seen"))
    return json({"status": "resolved"})


async def list_contracts(request: Request, asked: KeyRequest) -> HTTPResponse:
    """Return the contracts that ``q`` and ``state`` let through."""
    state = request.args.get("state") or ""
    if state and state not in STATES:
        raise Invalid(f"state must be one of {', '.join(STATES)}.")
    found = await contracts.find_contracts(asked.ctx, request.args.get("q") or "", state)
    return json({"contracts": found}, headers=NO_STORE)


async def put_contract(request: Request, asked: KeyRequest, number: str) -> HTTPResponse:
    """Add the contract of this number, or change it."""
    fields = {**json_body(request), "number": number}
    try:
        saved = await contracts.save_contract(asked.ctx, fields, actor=key_actor(asked.key))
    except BadContracts as error:
        raise BadContract(f"{error.in_words()} Nothing was changed.") from error
    return json({"number": saved.number})


async def list_reports(request: Request, asked: KeyRequest) -> HTTPResponse:
    """Return every report of a period as numbers."""
    period = reports.period_of(asked.ctx, request.args.get("from"), request.args.get("to"), request.args.get("days"))
    found = [vars(one) for one in await reports.all_reports(asked.ctx, period)]
    shown = {"first": period.first.isoformat(), "last": period.last.isoformat(), "reports": found}
    return json(shown, headers=NO_STORE)


ISSUE = "/issues/<reference:str>"
ROUTES: tuple[tuple[str, str, Handler, str | None], ...] = (
    ("GET", "/key", show_key, None),
    ("GET", "/issues", list_issues, api_keys.ISSUES_READ),
    ("POST", "/issues", create_issue, api_keys.ISSUES_CREATE),
    ("GET", ISSUE, show_issue, api_keys.ISSUES_READ),
    ("POST", f"{ISSUE}/notes", add_note, api_keys.NOTES_WRITE),
    ("POST", f"{ISSUE}/resolve", resolve_issue, api_keys.ISSUES_RESOLVE),
    ("GET", "/contracts", list_contracts, api_keys.CONTRACTS_READ),
    ("PUT", "/contracts/<number:str>", put_contract, api_keys.CONTRACTS_WRITE),
    ("GET", "/reports", list_reports, api_keys.REPORTS_READ),
)


def machine_api() -> Blueprint:
    """Return the API as a blueprint. Needs ``app.ctx.techref``."""
    blueprint = Blueprint("machine_api", url_prefix="/api/v1")
    for method, address, handler, scope in ROUTES:
        blueprint.add_route(with_scope(scope, handler), address, methods=[method], name=handler.__name__, unquote=True)
    return blueprint
