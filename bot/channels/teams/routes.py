"""The address that Teams sends to: verify, hand in, answer at once."""

import logging
from collections.abc import Callable

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from bot.channels.teams.addresses import PREFIX
from bot.channels.teams.customer_invokes import CustomerInvokes, is_installed
from bot.channels.teams.handler import receive_activity
from bot.channels.teams.refused import Refused, UnknownTenant
from bot.channels.teams.staff_handler import TeamsStaff
from bot.channels.teams.unknown_tenants import UnknownTenants
from bot.channels.teams.verify import Verification
from bot.http.errors import error_body
from bot.http.files import send_file
from bot.http.requests import ctx_of
from bot.services.conversation import file_links
from bot.services.core.errors import NotAnActivity, NotFound

log = logging.getLogger(__name__)

MOST_BYTES = 1_000_000


def blueprint(
    verification: Verification | None,
    files_came: Callable[[], None] = lambda: None,
    staff: TeamsStaff | None = None,
    customers: CustomerInvokes | None = None,
    strangers: UnknownTenants | None = None,
) -> Blueprint:
    """Return the routes; without ``verification`` the channel is off and nobody is believed. ``files_came`` is called
    when there are files to fetch, ``staff`` has what comes from staff channels, ``customers`` what is no message,
    ``strangers`` what comes of tenants without a contract.
    """
    teams = Blueprint("teams", url_prefix=PREFIX)

    @teams.post("/messages")
    async def messages(request: Request) -> HTTPResponse:
        """200 when the activity is stored, or is none of a customer's; 401 and 403 when it is not believed."""
        if verification is None:
            raise NotFound("Microsoft Teams is not set up here.")
        try:
            if len(request.body) > MOST_BYTES:
                raise Refused(403, "too_large")
            believed = await verification.believe(request.headers.get("Authorization"), request.body)
            if staff is not None and await staff.is_staff_activity(believed.activity):
                return json(await staff.handle(believed))
            if customers is not None and believed.activity.get("type") == "invoke":
                return json(await customers.answer(believed, _reached_at(request)))
            if customers is not None and is_installed(believed.activity):
                await customers.greet(believed)
                return json({})
            if await receive_activity(ctx_of(request), believed, _reached_at(request)):
                files_came()
        except UnknownTenant as unknown:
            if strangers is not None:
                await strangers.refused(unknown)
            log.warning("an activity was refused: %s", unknown.code)
            return _refusal(unknown.status, unknown.code)
        except Refused as refused:
            log.warning("an activity was refused: %s", refused.code)
            return _refusal(refused.status, refused.code)
        except ValueError as error:
            log.warning("an activity could not be read: %s", error)
            raise NotAnActivity("This is not an activity of Teams; nothing was stored.") from error
        return json({})

    @teams.get("/files/<token:str>")
    async def file(request: Request, token: str) -> HTTPResponse:
        """Return a file that we linked to in Teams, for as long as the link is good."""
        return await send_file(await file_links.open_link(ctx_of(request), token))

    return teams


def _refusal(status: int, code: str) -> HTTPResponse:
    return json(error_body(code, "This request is not believed to come from Teams; nothing was stored."), status=status)


def _reached_at(request: Request) -> str:
    """Return the address the request was sent to, as the proxy in front of us names it."""
    return f"{request.scheme}://{request.host}"
