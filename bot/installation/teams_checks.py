"""Check for `techref doctor` what Microsoft Teams needs: Microsoft's keys, our bot's token, our clock, our address."""

from collections.abc import Iterator
from uuid import UUID

import httpx

from bot.channels.teams.bot_token import token_address, token_form
from bot.channels.teams.channel import missing, own_tenant
from bot.channels.teams.verify import LEEWAY
from bot.installation.clocks import check_clock
from bot.installation.finding import Finding
from bot.settings.env.settings import Settings

SECONDS = 10.0


def check_teams(settings: Settings) -> Iterator[Finding]:
    """Check Teams; being off is no fault, but every configured part must work."""
    lacking = missing(settings)
    if lacking:
        half_set = len(lacking) < 3
        remedy = "docs/teams.md says where each is found." if half_set else ""
        yield Finding("Teams", False if half_set else None, f"is off: {', '.join(lacking)} not set", remedy)
        return
    yield from _ids(settings)
    with httpx.Client(timeout=SECONDS) as http:
        yield from _keys(settings, http)
        yield from _token(settings, http)
    yield from _address(settings)


def _ids(settings: Settings) -> Iterator[Finding]:
    for key, value in (
        ("TECHREF_TEAMS_APP_ID", settings.teams_app_id),
        ("TECHREF_TEAMS_TENANT_ID", settings.teams_tenant_id),
    ):
        try:
            UUID(value or "")
        except ValueError:
            remedy = "Copy it from the app's overview page in Microsoft Entra: eight digits, a dash, and so on."
            yield Finding("Teams", False, f"{key} is not an id as Microsoft writes them", remedy)


def _keys(settings: Settings, http: httpx.Client) -> Iterator[Finding]:
    """Check that requests from Teams can be verified, and that the clock allows it."""
    try:
        described = http.get(settings.teams_openid_url)
        described.raise_for_status()
        keys = http.get(described.json()["jwks_uri"])
        keys.raise_for_status()
        usable = [key for key in keys.json()["keys"] if "msteams" in key.get("endorsements", ())]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        remedy = f"Let this machine reach {settings.teams_openid_url}; until then nobody on Teams is believed."
        yield Finding("Teams keys", False, f"cannot be fetched ({type(error).__name__})", remedy)
        return
    yield Finding("Teams keys", bool(usable), f"{len(usable)} that may sign for Teams")
    yield from check_clock(described.headers.get("Date"), "Microsoft's", LEEWAY)


def _token(settings: Settings, http: httpx.Client) -> Iterator[Finding]:
    address = token_address(settings.teams_token_url, own_tenant(settings))
    form = token_form(settings.teams_app_id or "", settings.teams_app_secret or "")
    try:
        answer = http.post(address, data=form)
    except httpx.HTTPError as error:
        yield Finding("Teams token", False, f"cannot be fetched ({type(error).__name__})", f"Let it reach {address}.")
        return
    if answer.is_success and "access_token" in answer.text:
        yield Finding("Teams token", True, "is given to our bot")
        return
    remedy = "Make a new client secret and set TECHREF_TEAMS_APP_SECRET; check the app's and the tenant's id."
    yield Finding("Teams token", False, f"is refused with {answer.status_code}", remedy)


def _address(settings: Settings) -> Iterator[Finding]:
    if (settings.public_url or "").startswith("https://"):
        yield Finding("Teams address", True, f"{settings.public_url}/channels/teams/messages must be set in Azure")
    else:
        remedy = "Set TECHREF_PUBLIC_URL to the https address under which Microsoft and customers reach the gateway."
        yield Finding("Teams address", None, "TECHREF_PUBLIC_URL is not set", remedy)
