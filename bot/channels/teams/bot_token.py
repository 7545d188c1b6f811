"""Our bot's own token, with which it speaks to the Bot Connector. Fetched when needed, kept until shortly before
its end.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx

SCOPE = "https://api.botframework.com/.default"
MICROSOFT = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
# Fetched anew this long before its end, so that none expires on its way.
BEFORE_THE_END = timedelta(minutes=5)


class NoToken(Exception):
    """No token is to be had. ``refused``: our secret or id is wrong, so trying again does not help."""

    def __init__(self, code: str, *, refused: bool) -> None:
        super().__init__(code)
        self.code, self.refused = code, refused


class BotToken:
    """The token of a bot registered in one tenant, ours; it speaks to every tenant the bot was added in."""

    def __init__(
        self, http: httpx.AsyncClient, address: str, app_id: str, secret: str, clock: Callable[[], datetime]
    ) -> None:
        self._http, self._address, self._clock = http, address, clock
        self._form = token_form(app_id, secret)
        self._token: str | None = None
        self._until: datetime | None = None
        self._fetching = asyncio.Lock()

    async def get(self) -> str:
        """Return a token that is good for some minutes at least; raises NoToken."""
        async with self._fetching:
            if self._token is not None and self._until is not None and self._clock() < self._until:
                return self._token
            return await self._fetch()

    def forget(self, token: str) -> None:
        """The connector refused this one: fetch another next time."""
        if self._token == token:
            self._token = None

    async def _fetch(self) -> str:
        asked = self._clock()
        try:
            answer = await self._http.post(self._address, data=self._form)
        except httpx.HTTPError as error:
            raise NoToken(f"token_{type(error).__name__}", refused=False) from error
        if answer.status_code in (400, 401, 403):
            raise NoToken(f"token_refused_{answer.status_code}", refused=True)
        try:
            answer.raise_for_status()
            body = answer.json()
            token, seconds = str(body["access_token"]), float(body["expires_in"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise NoToken("token_unreadable", refused=False) from error
        self._token = token
        # One that is short-lived is used for half its life.
        self._until = asked + max(timedelta(seconds=seconds) - BEFORE_THE_END, timedelta(seconds=seconds / 2))
        return token


def token_address(configured: str | None, tenant: str) -> str:
    """Return where the token is fetched: the sign-in of our own tenant, whichever tenant the customer belongs to."""
    return configured or MICROSOFT.format(tenant=tenant)


def token_form(app_id: str, secret: str) -> dict[str, str]:
    """Return what is posted there."""
    return {"grant_type": "client_credentials", "client_id": app_id, "client_secret": secret, "scope": SCOPE}
