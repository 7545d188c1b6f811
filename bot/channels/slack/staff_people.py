"""The e-mail addresses of Slack users, as the workspace itself vouches for them, and the other way round."""

from typing import Any

from bot.channels.remembered import Remembered
from bot.channels.slack.client import WebApi
from bot.services.outbox.outcomes import NotNow, Refused


class SlackPeople:
    """The people of one gateway's staff channels."""

    def __init__(self, api: WebApi) -> None:
        self._api = api
        self._emails: Remembered[str] = Remembered()
        self._users: Remembered[str] = Remembered()

    async def emails_of(self, workspace: str, user_id: str) -> tuple[str, ...]:
        """Return the address of a member of this workspace; none of anybody else. Raises NotNow."""

        async def ask() -> str | None:
            found = await self._api.call(workspace, lambda client: client.users_info(user=user_id))
            return _vouched(found["user"], workspace)

        found = await self._emails.find((workspace, user_id), ask)
        return (found,) if found else ()

    async def user_of(self, workspace: str, email: str) -> str | None:
        """Return the member with this address; None when there is none, or it cannot be had at present."""

        async def ask() -> str | None:
            try:
                found = await self._api.call(workspace, lambda client: client.users_lookupByEmail(email=email))
            except (NotNow, Refused):
                return None
            return str(found["user"]["id"])

        return await self._users.find((workspace, email), ask)


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
