"""Install the app into one more workspace: Slack's OAuth, with a state that only the browser that began it has."""

import hmac
import secrets
from collections.abc import Awaitable, Callable
from html import escape
from urllib.parse import urljoin

from sanic import HTTPResponse, Request
from sanic.response import html, redirect
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import AuthorizeUrlGenerator

from bot.channels.slack.client import WebApi
from bot.channels.slack.scopes import SCOPES
from bot.http.requests import ctx_of
from bot.services.channel import slack_workspaces
from bot.services.channel.slack_workspaces import Installed
from bot.services.core import encryption
from bot.services.core.context import Context
from bot.services.core.encryption import CannotOpen
from bot.services.core.errors import (
    SlackInstallFailed,
    SlackInstallOff,
    SlackInstallRefused,
    SlackInstallState,
)

STATE_SECONDS = 600
COOKIE = "techref_slack_install"
CALLBACK = "/channels/slack/oauth"
BEGIN = "/channels/slack/install"


class Install:
    """The two pages of the installation; ``greet`` says hello to who allowed it."""

    def __init__(self, ctx: Context, api: WebApi, greet: Callable[[str, str], None]) -> None:
        self._ctx, self._api, self._greet = ctx, api, greet

    async def begin(self, request: Request) -> HTTPResponse:
        """Answer the first page; raise the refusal unless a browser can show it as a page."""
        return await _shown(request, self._begin)

    async def finish(self, request: Request) -> HTTPResponse:
        """Answer the page that Slack sends the browser back to; raise as ``begin`` does."""
        return await _shown(request, self._finish)

    async def _begin(self, request: Request) -> HTTPResponse:
        """Send the browser to Slack to ask for the workspace's consent."""
        settings = self._ctx.settings
        if not settings.slack_client_id or not settings.slack_client_secret:
            raise SlackInstallOff(
                "This support does not install into further workspaces: TECHREF_SLACK_CLIENT_ID and "
                "TECHREF_SLACK_CLIENT_SECRET are not set.",
            )
        state = encryption.encrypt(self._ctx, secrets.token_hex(16))
        asks = AuthorizeUrlGenerator(
            client_id=settings.slack_client_id,
            scopes=list(SCOPES),
            redirect_uri=self._callback(request),
            authorization_url=urljoin(settings.slack_api_url, "../oauth/v2/authorize"),
        )
        answer = redirect(asks.generate(state))
        answer.add_cookie(
            COOKIE,
            state,
            max_age=STATE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=self._callback(request).startswith("https://"),
            path="/channels/slack",
        )
        return answer

    async def _finish(self, request: Request) -> HTTPResponse:
        """Slack sends the browser back with a code; the token it is worth is kept encrypted."""
        if request.args.get("error"):
            raise SlackInstallRefused(
                "Slack was not allowed to install the app; nothing was stored. "
                f"To allow it after all, begin again at {BEGIN}."
            )
        self._check_state(request)
        installed, installer = await self._exchange(request)
        await slack_workspaces.save_workspace(self._ctx, installed)
        if installer:
            self._greet(installed.id, installer)
        words = self._ctx.support.slack.installed.format(company=self._ctx.support.company, workspace=installed.name)
        page = _page(escape(words))
        page.delete_cookie(COOKIE, path="/channels/slack")
        return page

    def _check_state(self, request: Request) -> None:
        told, kept = request.args.get("state") or "", request.cookies.get(COOKIE) or ""
        try:
            encryption.decrypt(self._ctx, told, ttl=STATE_SECONDS)
        except CannotOpen:
            told = ""
        if not told or not hmac.compare_digest(told.encode(), kept.encode()):
            raise SlackInstallState(
                "This installation was not begun in this browser in the last ten minutes; nothing was stored. "
                f"Begin again at {BEGIN}.",
            )

    async def _exchange(self, request: Request) -> tuple[Installed, str]:
        """Return the installation, and the user who allowed it."""
        settings = self._ctx.settings
        try:
            # Not the client's own method for it, which uses what aiohttp is about to drop.
            told = await self._api.client().api_call(
                "oauth.v2.access",
                data={
                    "client_id": settings.slack_client_id,
                    "client_secret": settings.slack_client_secret,
                    "code": request.args.get("code") or "",
                    "redirect_uri": self._callback(request),
                },
            )
        except SlackApiError as error:
            message = f"Slack did not accept the installation; nothing was stored. Begin again at {BEGIN}."
            raise SlackInstallFailed(message) from error
        whole = told.get("enterprise") if told.get("is_enterprise_install") else None
        workspace = whole or told["team"]
        installed = Installed(
            id=workspace["id"],
            name=workspace.get("name") or workspace["id"],
            token=told["access_token"],
            bot_user=told.get("bot_user_id"),
            scopes=tuple((told.get("scope") or "").split(",")),
        )
        return installed, str((told.get("authed_user") or {}).get("id") or "")

    def _callback(self, request: Request) -> str:
        return f"{base_of(request)}{CALLBACK}"


def base_of(request: Request) -> str:
    """Return the address customers reach the gateway under."""
    own: str | None = ctx_of(request).settings.public_url
    return own or f"{request.scheme}://{request.host}"


async def _shown(request: Request, step: Callable[[Request], Awaitable[HTTPResponse]]) -> HTTPResponse:
    """Return the step's answer, and its refusal as a page to a browser; raise the refusal to any other client."""
    try:
        return await step(request)
    except (SlackInstallOff, SlackInstallRefused, SlackInstallState, SlackInstallFailed) as refused:
        if "text/html" not in request.headers.get("Accept", ""):
            raise
        words = escape(str(refused)).replace(BEGIN, f'<a href="{BEGIN}">{BEGIN}</a>')
        return _page(words, refused.status)


def _page(words: str, status: int = 200) -> HTTPResponse:
    """Return a page of one paragraph, which is HTML already."""
    page = html(f"<!doctype html><html lang=en><title>Slack</title><p>{words}</p></html>", status=status)
    page.headers["Content-Security-Policy"] = "default-src 'none'"
    return page
