"""Check for `techref doctor` what Slack needs: the tokens and their scopes, our clock, our address."""

import asyncio
import contextlib
from collections.abc import Iterator
from datetime import timedelta

import httpx

from bot.channels.slack.channel import off_because
from bot.channels.slack.scopes import OPTIONAL, SCOPES
from bot.installation.clocks import check_clock
from bot.installation.finding import Finding
from bot.services.channel import slack_workspaces
from bot.services.core.context import wire
from bot.settings.env.settings import Settings
from bot.store import schema

SECONDS = 10.0
SIGNED_FOR = timedelta(minutes=5)
INSTALL_AGAIN = "Install the app again: open /channels/slack/install, or set TECHREF_SLACK_BOT_TOKEN anew."


def check_slack(settings: Settings) -> Iterator[Finding]:
    """Check Slack; being off is no fault, but every configured part must work."""
    off = off_because(settings)
    if off is not None:
        half_set = bool(settings.slack_signing_secret or settings.slack_bot_token or settings.slack_client_id)
        remedy = "docs/slack.md says where each is found." if half_set else ""
        yield Finding("Slack", False if half_set else None, f"is off: {off}", remedy)
        return
    tokens = _tokens(settings)
    if not tokens:
        yield Finding("Slack", None, "no workspace has installed the app yet", "Open /channels/slack/install.")
    clock: str | None = None
    with httpx.Client(timeout=SECONDS) as http:
        for workspace, token in tokens.items():
            findings, clock = _token(http, settings, workspace, token)
            yield from findings
    yield from check_clock(clock, "Slack's", SIGNED_FOR)
    yield from _address(settings)


def _tokens(settings: Settings) -> dict[str, str | None]:
    """Return the token of each workspace by its name; None where it cannot be decrypted."""
    tokens: dict[str, str | None] = {}
    if settings.slack_bot_token:
        tokens["TECHREF_SLACK_BOT_TOKEN"] = settings.slack_bot_token
    with contextlib.suppress(schema.SchemaMismatch):  # the check of the database reports it
        tokens |= asyncio.run(_installed(settings))
    return tokens


async def _installed(settings: Settings) -> dict[str, str | None]:
    ctx = wire(settings)
    try:
        found = await slack_workspaces.list_workspaces(ctx)
        return {workspace.name: await slack_workspaces.token_for(ctx, workspace.id) for workspace in found}
    finally:
        await ctx.db.close()


def _token(
    http: httpx.Client, settings: Settings, workspace: str, token: str | None
) -> tuple[list[Finding], str | None]:
    """Return the findings about one workspace, and Slack's own time."""
    about = f"Slack ({workspace})"
    if token is None:
        remedy = f"Set TECHREF_SEALING_KEY to the key it was sealed with, or: {INSTALL_AGAIN}"
        return [Finding(about, False, "the token cannot be decrypted", remedy)], None
    try:
        answer = http.post(f"{settings.slack_api_url}auth.test", headers={"Authorization": f"Bearer {token}"})
        told = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        remedy = f"Let this machine reach {settings.slack_api_url}; until then nothing is delivered."
        return [Finding(about, False, f"cannot be reached ({type(error).__name__})", remedy)], None
    clock = answer.headers.get("Date")
    if not told.get("ok"):
        return [Finding(about, False, f"the token is refused: {told.get('error')}", INSTALL_AGAIN)], clock
    return [Finding(about, True, f"the token is {told.get('team')}'s"), *_scopes(about, answer)], clock


def _scopes(about: str, answer: httpx.Response) -> Iterator[Finding]:
    granted = {scope.strip() for scope in answer.headers.get("X-OAuth-Scopes", "").split(",")}
    for scope in SCOPES.keys() - granted:
        fine = None if scope in OPTIONAL else False
        remedy = f"It is needed to {SCOPES[scope]}. Add it to the app and install it again."
        yield Finding(about, fine, f"the scope {scope} is missing", remedy)


def _address(settings: Settings) -> Iterator[Finding]:
    """Check that Slack can reach the gateway at its public address."""
    url = settings.public_url or ""
    if not url.startswith("https://"):
        remedy = "Set TECHREF_PUBLIC_URL to the https address under which Slack and customers reach the gateway."
        yield Finding("Slack address", None, "TECHREF_PUBLIC_URL is not an https address", remedy)
        return
    try:
        alive = httpx.get(f"{url}/healthz", timeout=SECONDS).is_success
    except httpx.HTTPError:
        alive = False
    remedy = "" if alive else "Slack must reach it from outside; from inside your network it may differ."
    yield Finding("Slack address", True if alive else None, f"{url}/channels/slack/events", remedy)
