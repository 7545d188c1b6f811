"""Colleagues: invite, change, let a password be set anew; and whether I am there myself."""

from typing import Any

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.administration.setup import address_of
from bot.desk.pages import Pages
from bot.desk.request_context import DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.client_address import client_address
from bot.http.requests import ctx_of, json_body, number_in_path
from bot.services.administration import staff_admin
from bot.services.core import rate_limits
from bot.services.core.errors import Invalid
from bot.services.core.rate_limits import Limit
from bot.services.technician import first_administrator, invitations
from bot.services.technician.accounts import ROLES as PEOPLES_ROLES
from bot.services.technician.accounts import technician_view
from bot.services.technician.invitations import NewLink

ROLES = ("admin",)
EVERYBODY = PEOPLES_ROLES
# Guessing a link of 256 bits is hopeless; this only keeps a flood from the password hash.
JOINING = Limit(20, 20 / 60)


async def listed(_request: Request, visit: DeskRequest) -> HTTPResponse:
    """Everybody, with role, team, and how many conversations they hold."""
    return json({"people": await staff_admin.list_staff(visit.ctx)}, headers=NO_STORE)


async def invite(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return a link that lets somebody new set a password, once and within seven days; 201 ``{link, expires_at}``."""
    fields = json_body(request)
    email, name, role, team = (fields.get(key) for key in ("email", "name", "role", "team"))
    if not isinstance(email, str) or not isinstance(name, str) or not isinstance(role, str):
        raise Invalid("email, name and role must be text; nobody was invited.")
    made, token = await invitations.invite_technician(
        visit.ctx, visit.signed_in.technician, email=email, name=name, role=role, team=str(team) if team else None
    )
    return json(await _link(request, visit, token, made), status=201)


async def reset(request: Request, visit: DeskRequest, person: str) -> HTTPResponse:
    """Return a link for a new password; the old one holds until the link is used."""
    made, token = await invitations.reset_password(visit.ctx, visit.signed_in.technician, _number(person))
    return json(await _link(request, visit, token, made), status=201)


async def withdraw(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Make an invitation useless."""
    await invitations.withdraw_invitation(visit.ctx, visit.signed_in.technician, str(json_body(request).get("email")))
    return json({})


async def change(request: Request, visit: DeskRequest, person: str) -> HTTPResponse:
    """``name``, ``role``, ``team``, ``active`` of a colleague."""
    changed = await staff_admin.change_staff_member(
        visit.ctx, visit.signed_in.technician, _number(person), json_body(request)
    )
    return json({**technician_view(changed), "active": changed.active})


async def preferences(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Set the preferences of the technician for the desk."""
    wanted = json_body(request).get("delays_replies")
    await staff_admin.set_preferences(visit.ctx, visit.signed_in.technician, wanted)
    return json({"delays_replies": wanted})


async def availability(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return whether I am there: ``available``, ``lunch`` or ``away``."""
    wanted = json_body(request).get("availability")
    await staff_admin.set_availability(visit.ctx, visit.signed_in.technician, wanted)
    return json({"availability": wanted})


async def join(request: Request) -> HTTPResponse:
    """Set the password that a link was made for. Nobody is signed in yet, so no session is asked for."""
    ctx, fields = ctx_of(request), json_body(request)
    rate_limits.check_limit(ctx, f"join:{client_address(request)}", JOINING)
    token, password = fields.get("token"), fields.get("password")
    if first_administrator.is_first(token):
        who = fields.get("email"), fields.get("name")
        joined = await first_administrator.join_first(ctx, str(token), password, *who)
    else:
        joined = await invitations.use_invitation(ctx, token, password)
    return json({"email": joined.email, "name": joined.name}, headers=NO_STORE)


async def page(pages: Pages, _request: Request, visit: DeskRequest) -> HTTPResponse:
    """Everybody who works here."""
    return pages.page(
        visit,
        "people.html",
        here="administration",
        part="people",
        people=await staff_admin.list_staff(visit.ctx),
        invited=await invitations.list_invitations(visit.ctx),
        roles=PEOPLES_ROLES,
        teams=visit.ctx.support.team_titles,
    )


async def _link(request: Request, visit: DeskRequest, token: str, made: NewLink) -> dict[str, Any]:
    # Behind the #, so that no server's log ever holds it.
    link = f"{address_of(request, visit)}/desk/join#{token}"
    mailed = await invitations.mail_it(visit.ctx, made, link)
    return {"link": link, "mailed": mailed, "expires_at": made.expires_at.isoformat()}


def _number(person: str) -> int:
    return number_in_path(person, "There is no such technician; nothing was changed.")


API = (
    ("GET", "/people", listed, ROLES),
    ("POST", "/people", invite, ROLES),
    ("POST", "/people/withdraw", withdraw, ROLES),
    ("POST", "/people/<person:str>/reset", reset, ROLES),
    ("POST", "/people/<person:str>", change, ROLES),
    ("POST", "/availability", availability, EVERYBODY),
    ("POST", "/preferences", preferences, EVERYBODY),
)
PAGES = (("/administration/people", page, ROLES),)
