"""Speak to the Bot Connector: the calls, and what its answers mean for a message that waits to be sent."""

import logging
from typing import Any
from urllib.parse import quote

import httpx

from bot.channels.teams.bot_token import BotToken, NoToken
from bot.channels.teams.service_hosts import AllowedHosts
from bot.services.outbox.outcomes import NotNow, Refused

log = logging.getLogger(__name__)

# What Microsoft says to try again, and what any server may answer when it is overloaded.
BUSY = frozenset([408, 412, 425, 429, 500, 502, 503, 504])
LONGEST_RETRY_AFTER = 3600.0
# Of a roster: so many people a page, and no more than that many pages.
PAGE, MOST_PAGES = 500, 20

Json = dict[str, Any]


class Connector:
    """Every call raises NotNow (try again, after the pause it asked for) or Refused (trying again is of no use).

    No token leaves for a host that is not on the allow-list, whatever an older activity had us store.
    """

    def __init__(self, http: httpx.AsyncClient, token: BotToken, hosts: AllowedHosts) -> None:
        self._http, self._token, self._hosts = http, token, hosts

    async def post_activity(self, service_url: str, conversation: str, activity: Json) -> str:
        """Say something; returns the new activity's id."""
        answer = await self._call("POST", service_url, f"v3/conversations/{_part(conversation)}/activities", activity)
        return str(_json(answer).get("id") or "")

    async def update_activity(self, service_url: str, conversation: str, activity_id: str, activity: Json) -> None:
        """Replace what was said
        (https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference).
        """
        path = f"v3/conversations/{_part(conversation)}/activities/{_part(activity_id)}"
        await self._call("PUT", service_url, path, {**activity, "id": activity_id})

    async def open_personal_chat(self, service_url: str, *, bot: str, user: str, tenant: str) -> str:
        """Return the one-to-one chat with somebody who has the app, or is in a team that has it; the same one
        each time.
        """
        asked = {
            "bot": {"id": bot},
            "members": [{"id": user}],
            "isGroup": False,
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }
        answer = await self._call("POST", service_url, "v3/conversations", asked)
        chat = _json(answer).get("id")
        if not isinstance(chat, str) or not chat:
            raise NotNow("no_chat_id")
        return chat

    async def begin_thread(self, service_url: str, channel: str, *, bot: str, activity: Json) -> str:
        """Post into a channel; return the id of the new post, which names its thread
        (https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages).
        """
        asked = {"isGroup": True, "bot": {"id": bot}, "channelData": {"channel": {"id": channel}}, "activity": activity}
        answer = _json(await self._call("POST", service_url, "v3/conversations", asked))
        named = answer.get("activityId") or str(answer.get("id") or "").partition(";messageid=")[2]
        if not isinstance(named, str) or not named:
            raise NotNow("no_thread_id")
        return named

    async def member(self, service_url: str, conversation: str, user: str) -> Json:
        """Return somebody of a conversation's roster; raises Refused for anybody else."""
        path = f"v3/conversations/{_part(conversation)}/members/{_part(user)}"
        return _json(await self._call("GET", service_url, path))

    async def members(self, service_url: str, conversation: str) -> list[Json]:
        """Return the roster of a conversation, page by page."""
        found: list[Json] = []
        token = ""
        page = f"v3/conversations/{_part(conversation)}/pagedmembers?pageSize={PAGE}"
        for _ in range(MOST_PAGES):
            after = f"&continuationToken={_part(token)}" if token else ""
            answer = _json(await self._call("GET", service_url, f"{page}{after}"))
            found += [one for one in answer.get("members") or () if isinstance(one, dict)]
            token = str(answer.get("continuationToken") or "")
            if not token:
                break
        return found

    async def fetch(self, address: str, most_bytes: int) -> bytes:
        """Return a picture that lies at the connector; raises Refused, too, when it is larger than ``most_bytes``."""
        if not self._hosts.allows(address):
            raise Refused("file_host_not_allowed")
        token = await self._bearer()
        return await download(self._http, address, most_bytes, {"Authorization": f"Bearer {token}"})

    async def _call(self, method: str, service_url: str, path: str, body: Json | None = None) -> httpx.Response:
        if not self._hosts.allows(service_url):
            raise Refused("service_host_not_allowed")
        address = f"{service_url.rstrip('/')}/{path}"
        token = await self._bearer()
        try:
            answer = await self._http.request(
                method, address, json=body, headers={"Authorization": f"Bearer {token}"}, follow_redirects=False
            )
        except httpx.HTTPError as error:
            raise NotNow(type(error).__name__) from error
        if answer.status_code == 401:
            self._token.forget(token)
            raise NotNow("token_not_accepted")
        if answer.status_code in BUSY:
            raise NotNow(f"http_{answer.status_code}", _retry_after(answer))
        if not answer.is_success:
            raise Refused(_code(answer))
        return answer

    async def _bearer(self) -> str:
        try:
            return await self._token.get()
        except NoToken as error:
            # A wrong secret is mended by the operator, and then the message is still wanted.
            raise NotNow(error.code) from error


async def download(http: httpx.AsyncClient, address: str, most_bytes: int, headers: dict[str, str]) -> bytes:
    """Return the bytes behind an address, no redirect followed.

    Raises NotNow or Refused, also when there are too many.
    """
    held = bytearray()
    try:
        async with http.stream("GET", address, headers=headers, follow_redirects=False) as answer:
            if answer.status_code in BUSY:
                raise NotNow(f"http_{answer.status_code}", _retry_after(answer))
            if answer.status_code != httpx.codes.OK:
                raise Refused(f"http_{answer.status_code}")
            async for chunk in answer.aiter_bytes():
                held += chunk
                if len(held) > most_bytes:
                    raise Refused("file_too_large")
    except httpx.HTTPError as error:
        raise NotNow(type(error).__name__) from error
    return bytes(held)


def _part(text: str) -> str:
    """Return one part of a path: conversation ids hold colons, semicolons and slashes."""
    return quote(text, safe="")


def _json(answer: httpx.Response) -> Json:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _code(answer: httpx.Response) -> str:
    """Return the error's name, such as MessageSizeTooBig; never its text, which may quote ours."""
    error = _json(answer).get("error")
    code = error.get("code") if isinstance(error, dict) else None
    named = isinstance(code, str) and code.isidentifier() and len(code) <= 60
    return str(code) if named else f"http_{answer.status_code}"


def _retry_after(answer: httpx.Response) -> float | None:
    try:
        return min(max(float(answer.headers.get("Retry-After", "")), 0.0), LONGEST_RETRY_AFTER)
    except ValueError:
        return None
