"""Trackers of the developers: GitHub repositories and Jira projects that issues are brought to."""

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.pages import Pages
from bot.desk.request_context import ADMINS, DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.requests import json_body
from bot.services.tracker import trackers
from bot.services.tracker.tracker_api import KINDS


async def listed(_request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return every tracker, never its token."""
    return json({"trackers": await trackers.list_trackers(visit.ctx)}, headers=NO_STORE)


async def add(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return a new tracker with the secret of its events; 201 ``{tracker, secret}``."""
    added, secret = await trackers.add_tracker(visit.ctx, visit.signed_in.technician, json_body(request))
    return json({"tracker": added, "secret": secret}, status=201, headers=NO_STORE)


async def change(request: Request, visit: DeskRequest, tracker_id: int) -> HTTPResponse:
    """Change name, address, type, team, account and token."""
    changed = await trackers.change_tracker(visit.ctx, visit.signed_in.technician, tracker_id, json_body(request))
    return json({"tracker": changed})


async def renew(_request: Request, visit: DeskRequest, tracker_id: int) -> HTTPResponse:
    """Return a new secret for what comes from there."""
    secret = await trackers.renew_secret(visit.ctx, visit.signed_in.technician, tracker_id)
    return json({"secret": secret}, headers=NO_STORE)


async def test(_request: Request, visit: DeskRequest, tracker_id: int) -> HTTPResponse:
    """Look whether the token opens the place."""
    return json({"told": await trackers.test_tracker(visit.ctx, tracker_id)})


async def remove(_request: Request, visit: DeskRequest, tracker_id: int) -> HTTPResponse:
    """Remove a tracker; links to it stay."""
    await trackers.remove_tracker(visit.ctx, visit.signed_in.technician, tracker_id)
    return json({})


async def page(pages: Pages, _request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the trackers with their forms."""
    return pages.page(
        visit,
        "trackers.html",
        here="administration",
        part="integrations",
        tab="trackers",
        trackers=await trackers.list_trackers(visit.ctx),
        kinds=KINDS,
        teams=visit.ctx.support.team_titles,
    )


ONE = "/trackers/<tracker_id:int>"
API = (
    ("GET", "/trackers", listed, ADMINS),
    ("POST", "/trackers", add, ADMINS),
    ("POST", ONE, change, ADMINS),
    ("POST", f"{ONE}/secret", renew, ADMINS),
    ("POST", f"{ONE}/test", test, ADMINS),
    ("POST", f"{ONE}/remove", remove, ADMINS),
)
PAGES = (("/administration/trackers", page, ADMINS),)
