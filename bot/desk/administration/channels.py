"""Channels: which are on, their secrets, a test, and the manifests to upload. For administrators."""

from collections.abc import Awaitable, Callable

from sanic import HTTPResponse, Request
from sanic.response import json, raw

from bot.channels import try_connection
from bot.channels.slack.manifest import manifest as slack_manifest
from bot.channels.teams.manifest import package as teams_package
from bot.desk.pages import Pages
from bot.desk.request_context import ADMINS, DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.requests import json_body
from bot.services.administration import channel_settings, staff_channels
from bot.services.administration.channel_settings import EMAIL, NOTICES, PAYMENT, SLACK, TEAMS
from bot.services.core.context import Context
from bot.services.core.errors import ChannelFailed, NotFound
from bot.services.hand_off import notify_team
from bot.services.mail import send_test_mail
from bot.settings.problems import SettingsError

TESTS: dict[str, Callable[[Context], Awaitable[str]]] = {
    NOTICES: notify_team.send_test_notice,
    SLACK: try_connection.try_slack,
    TEAMS: try_connection.try_teams,
    PAYMENT: try_connection.try_payment,
}


async def page(pages: Pages, request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return every channel with its state and its form."""
    running = {one.name for one in request.app.ctx.channels if one.is_on}
    return pages.page(
        visit,
        "channels.html",
        here="administration",
        part="channels",
        channels=channel_settings.list_channels(visit.ctx, running),
        staff=staff_channels.read(visit.ctx),
        email=visit.signed_in.technician.email,
        tested=(*TESTS, EMAIL),
    )


async def change(request: Request, visit: DeskRequest, channel: str) -> HTTPResponse:
    """Store what was typed in."""
    await channel_settings.change_channel(visit.ctx, visit.signed_in.technician, channel, json_body(request))
    return json({})


async def change_staff(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Set the staff channels of the teams, and what is written there."""
    await staff_channels.change(visit.ctx, visit.signed_in.technician, json_body(request))
    return json({})


async def test(request: Request, visit: DeskRequest, channel: str) -> HTTPResponse:
    """Try the channel, and say what came of it."""
    if channel == EMAIL:
        told = await send_test_mail.send_now(visit.ctx, json_body(request).get("to"))
    elif channel in TESTS:
        told = await TESTS[channel](visit.ctx)
    else:
        raise NotFound("There is nothing to test here.")
    return json({"told": told})


async def manifest(_request: Request, visit: DeskRequest, channel: str) -> HTTPResponse:
    """Return the file to upload at Slack or in the Teams admin centre."""
    try:
        if channel == SLACK:
            return _download("techref-slack.yml", slack_manifest(visit.ctx.settings, visit.ctx.support).encode())
        if channel == TEAMS:
            return _download("techref-teams.zip", teams_package(visit.ctx.settings, visit.ctx.support))
    except SettingsError as error:
        raise ChannelFailed(" ".join(["There is no manifest yet.", *error.problems])) from error
    raise NotFound("There is no such manifest.")


def _download(name: str, content: bytes) -> HTTPResponse:
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'}
    return raw(content, content_type="application/octet-stream", headers=headers)


API = (
    ("POST", "/staff-channels", change_staff, ADMINS),
    ("POST", "/channels/<channel:str>", change, ADMINS),
    ("POST", "/channels/<channel:str>/test", test, ADMINS),
    ("GET", "/channels/<channel:str>/manifest", manifest, ADMINS),
)
PAGES = (("/administration/channels", page, ADMINS),)
