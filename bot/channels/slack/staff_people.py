"""The e-mail addresses of Slack users, as the workspace itself vouches for it, and the other way round."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from bot.channels.slack.client import WebApi
from bot.services.outbox.outcomes import NotNow, Refused

# A colleague who leaves is switched off at the desk at once; an address is changed rarely.
KEPT_SECONDS, FAILED_SECONDS = 600.0, 60.0
MOST_KEPT = 5_000
Key = tuple[str, str]


class SlackPeople:
    """Addresses of one gateway's staff channels, kept for some minutes."""

    def __init__(self, api: WebApi) -> None:
        self._api = api
        self._emails: dict[Key, tuple[str | None, float]] = {}
        self._users: dict[Key, tuple[str | None, float]] = {}

    async def email_of(self, workspace: str, user_id: str) -> str | None:
        """Return the address of a member of this workspace; None of anybody else. Raises NotNow."""

        async def ask() -> str | None:
            found = await self._api.call(workspace, lambda client: client.users_info(user=user_id))
            return _vouched(found["user"], workspace)

        return await _remembered(self._emails, (workspace, user_id), ask)

    async def user_of(self, workspace: str, email: str) -> str | None:
        """Return the member with this address; None when there is none, or it cannot be had at present."""

        async def ask() -> str | None:
            try:
                found = await self._api.call(workspace, lambda client: client.users_lookupByEmail(email=email))
            except (NotNow, Refused):
                return None
            return str(found["user"]["id"])

        return await _remembered(self._users, (workspace, email), ask)


def _vouched(user: dict[str, Any], workspace: str) -> str | None:
    """Return the address if the user belongs to the workspace and has confirmed it
    (https://docs.slack.dev/reference/objects/user-object).
    """
    own = {user.get("team_id"), *(user.get("enterprise_user") or {}).get("teams", ())}
    outside = user.get("deleted") or user.get("is_bot") or user.get("is_stranger") or workspace not in own
    if outside or user.get("is_email_confirmed") is False:
        return None
    email = (user.get("profile") or {}).get("email")
    return email if isinstance(email, str) and email else None


async def _remembered(
    known: dict[Key, tuple[str | None, float]], key: Key, ask: Callable[[], Awaitable[str | None]]
) -> str | None:
    found = known.get(key)
    if found is not None and found[1] > time.monotonic():
        return found[0]
    try:
        answer = await ask()
    except Refused:
        answer = None
    if len(known) >= MOST_KEPT:
        known.clear()
    known[key] = (answer, time.monotonic() + (KEPT_SECONDS if answer else FAILED_SECONDS))
    return answer
