"""Slack's Web API through Slack's own client: the right token, one connection pool, and errors that say what to do."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.channel import slack_workspaces
from bot.services.core.context import Context
from bot.services.outbox.outcomes import NotNow, Refused

TIMEOUT_SECONDS = 15
RATE_LIMIT_SECONDS = 30.0
TRY_AGAIN = frozenset(
    ["internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org", "ratelimited"]
)
# An administrator can mend these, by installing the app again: nothing is given up before.
NEEDS_INSTALLING = frozenset(
    [
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "token_expired",
        "account_inactive",
        "missing_scope",
        "org_login_required",
        "ekm_access_denied",
        "no_token",
    ]
)
# At DEBUG the client logs what it sends, and that is people's words.
_log = logging.getLogger(f"{__name__}.client")
_log.setLevel(logging.INFO)
Call = Callable[[AsyncWebClient], Awaitable[Any]]


class WebApi:
    """One per gateway. The outbox tries again, so the client must not: it could post twice unseen."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
            self._session = aiohttp.ClientSession(timeout=timeout)
        return self._session

    def client(self, token: str | None = None) -> AsyncWebClient:
        client = AsyncWebClient(
            token=token,
            base_url=self._ctx.settings.slack_api_url,
            timeout=TIMEOUT_SECONDS,
            session=self.session,
            retry_handlers=[],
            logger=_log,
        )
        if urlsplit(self._ctx.settings.slack_api_url).scheme == "http":
            client.proxy = None  # a stand-in on this machine
        return client

    async def token(self, installation: str) -> str:
        """Return the token of this workspace; raises NotNow when nobody has installed the app there (any more)."""
        token = await slack_workspaces.token_for(self._ctx, installation)
        if token is None:
            raise NotNow("no_token")
        return token

    async def call(self, installation: str, call: Call) -> Any:
        """Do one call with the workspace's token; raises NotNow or Refused, never anything else of Slack's."""
        client = self.client(await self.token(installation))
        try:
            return await call(client)
        except SlackApiError as error:
            raise trouble(error) from error
        except (TimeoutError, SlackClientError, aiohttp.ClientError, OSError) as error:
            raise NotNow("unreachable") from error

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def trouble(error: SlackApiError) -> NotNow | Refused:
    """Return what an error of Slack means for a message that is to be sent."""
    response = error.response
    data = response.data if isinstance(getattr(response, "data", None), dict) else {}
    code, status = str(data.get("error") or "unreadable"), getattr(response, "status_code", 0)
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return NotNow("ratelimited", _seconds(response.headers.get("Retry-After")))
    if status >= 500 or not data or code in TRY_AGAIN or code in NEEDS_INSTALLING:
        return NotNow(code if status < 500 else f"http_{status}")
    return Refused(code)


def _seconds(header: str | None) -> float:
    return float(header) if header and header.isascii() and header.isdigit() else RATE_LIMIT_SECONDS
