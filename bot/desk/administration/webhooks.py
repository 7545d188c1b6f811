"""Webhooks: addresses that are sent events, their deliveries, a test, and sending one again."""

from typing import Any

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.pages import Pages
from bot.desk.request_context import ADMINS, DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.requests import json_body
from bot.services.webhook import deliveries, endpoints
from bot.services.webhook.webhook_events import EVENTS, target_of


async def listed(_request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return every webhook and the newest deliveries."""
    found, sent = await endpoints.list_endpoints(visit.ctx), await deliveries.list_deliveries(visit.ctx)
    return json({"webhooks": found, "deliveries": sent}, headers=NO_STORE)


async def add(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return a new webhook with its secret; 201 ``{webhook, secret}``. A form sends each event as ``event_NAME``."""
    added, secret = await endpoints.add_endpoint(visit.ctx, visit.signed_in.technician, _fields(request))
    return json({"webhook": added, "secret": secret}, status=201, headers=NO_STORE)


async def change(request: Request, visit: DeskRequest, webhook_id: int) -> HTTPResponse:
    """Change name, address and events."""
    changed = await endpoints.change_endpoint(visit.ctx, visit.signed_in.technician, webhook_id, _fields(request))
    return json({"webhook": changed})


async def renew(_request: Request, visit: DeskRequest, webhook_id: int) -> HTTPResponse:
    """Return a new secret; the old one signs nothing from now on."""
    secret = await endpoints.renew_secret(visit.ctx, visit.signed_in.technician, webhook_id)
    return json({"secret": secret}, headers=NO_STORE)


async def test(_request: Request, visit: DeskRequest, webhook_id: int) -> HTTPResponse:
    """Send a test and say what was answered."""
    return json({"told": await endpoints.test_endpoint(visit.ctx, webhook_id)})


async def resume(_request: Request, visit: DeskRequest, webhook_id: int) -> HTTPResponse:
    """Send events to a paused webhook again."""
    await endpoints.resume_endpoint(visit.ctx, visit.signed_in.technician, webhook_id)
    return json({})


async def remove(_request: Request, visit: DeskRequest, webhook_id: int) -> HTTPResponse:
    """Remove a webhook."""
    await endpoints.remove_endpoint(visit.ctx, visit.signed_in.technician, webhook_id)
    return json({})


async def replay(_request: Request, visit: DeskRequest, delivery_id: int) -> HTTPResponse:
    """Send a delivery again, under the same id."""
    await deliveries.replay(visit.ctx, visit.signed_in.technician, delivery_id)
    return json({"queued": True})


async def page(pages: Pages, _request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the webhooks with their forms, and the newest deliveries."""
    found = await endpoints.list_endpoints(visit.ctx)
    waiting = await deliveries.count_waiting(visit.ctx)
    return pages.page(
        visit,
        "webhooks.html",
        here="administration",
        part="integrations",
        tab="webhooks",
        webhooks=[{**one, "waiting": waiting.get(target_of(one["id"]), 0)} for one in found],
        names={target_of(one["id"]): one["name"] for one in found},
        deliveries=await deliveries.list_deliveries(visit.ctx),
        events=EVENTS,
    )


def _fields(request: Request) -> dict[str, Any]:
    fields = json_body(request)
    return {"events": [one for one in EVENTS if fields.get(f"event_{one}") is True], **fields}


ONE = "/webhooks/<webhook_id:int>"
API = (
    ("GET", "/webhooks", listed, ADMINS),
    ("POST", "/webhooks", add, ADMINS),
    ("POST", ONE, change, ADMINS),
    ("POST", f"{ONE}/secret", renew, ADMINS),
    ("POST", f"{ONE}/test", test, ADMINS),
    ("POST", f"{ONE}/resume", resume, ADMINS),
    ("POST", f"{ONE}/remove", remove, ADMINS),
    ("POST", "/webhook-deliveries/<delivery_id:int>/replay", replay, ADMINS),
)
PAGES = (("/administration/webhooks", page, ADMINS),)
