"""API keys: list, make, revoke. A new key is in the answer once."""

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.pages import Pages
from bot.desk.request_context import ADMINS, DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.requests import json_body
from bot.services.machine import api_keys

STATES = {"in_force": "In force", "revoked": "Revoked", "expired": "Expired"}


async def listed(_request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return every key, never the key itself."""
    return json({"keys": await api_keys.list_keys(visit.ctx)}, headers=NO_STORE)


async def make(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return a new key; 201 ``{key, secret}``. A form sends each scope as ``scope_NAME``."""
    fields = json_body(request)
    ticked = [one for one in api_keys.SCOPES if fields.get(f"scope_{one}") is True]
    made, secret = await api_keys.make_key(visit.ctx, visit.signed_in.technician, {"scopes": ticked, **fields})
    return json({"key": made, "secret": secret}, status=201, headers=NO_STORE)


async def revoke(_request: Request, visit: DeskRequest, key_id: int) -> HTTPResponse:
    """Let a key open nothing from now on."""
    await api_keys.revoke_key(visit.ctx, visit.signed_in.technician, key_id)
    return json({})


async def page(pages: Pages, _request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the keys with the form that makes one."""
    return pages.page(
        visit,
        "api_keys.html",
        here="administration",
        part="integrations",
        tab="api_keys",
        keys=await api_keys.list_keys(visit.ctx),
        scopes=api_keys.SCOPES,
        states=STATES,
    )


API = (
    ("GET", "/api-keys", listed, ADMINS),
    ("POST", "/api-keys", make, ADMINS),
    ("POST", "/api-keys/<key_id:int>/revoke", revoke, ADMINS),
)
PAGES = (("/administration/api-keys", page, ADMINS),)
