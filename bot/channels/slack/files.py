"""Fetch a file that somebody sent in Slack; our token goes to Slack's own hosts only."""

from urllib.parse import urlsplit

import aiohttp

from bot.channels.slack.client import WebApi
from bot.services.channel.incoming_files import IncomingFile
from bot.services.core.context import Context
from bot.services.outbox.outcomes import NotNow, Refused

SLACK_HOSTS = ("slack.com", ".slack.com", ".slack-files.com")
CHUNK = 65_536


class SlackFiles:
    """``fetch`` for the file fetcher."""

    def __init__(self, ctx: Context, api: WebApi) -> None:
        self._ctx, self._api = ctx, api

    async def fetch(self, file: IncomingFile) -> bytes:
        """Return the bytes of a file, at most one more than may be kept; raises NotNow or Refused."""
        installed = file.source["installation"]
        url = file.source.get("url") or await self._ask(installed, file)
        if not self._is_slacks(url):
            raise Refused("foreign_address")
        if (file.source.get("size") or 0) > self._ctx.support.limits.file_bytes:
            raise Refused("file_too_large")
        headers = {"Authorization": f"Bearer {await self._api.token(installed)}"}
        try:
            async with self._api.session.get(url, headers=headers, allow_redirects=False) as answer:
                return await self._read(answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NotNow("unreachable") from error

    async def _ask(self, installed: str, file: IncomingFile) -> str:
        """In a channel shared with another company Slack tells a file's name and address only when asked."""
        answer = await self._api.call(installed, lambda client: client.files_info(file=file.source["file"]))
        told = answer["file"]
        file.name = told.get("name") or told.get("title") or file.name
        address: str = told.get("url_private_download") or told.get("url_private") or ""
        return address

    async def _read(self, answer: aiohttp.ClientResponse) -> bytes:
        if answer.status == 429 or answer.status >= 500:
            raise NotNow(f"http_{answer.status}")
        if answer.status != 200:
            # A redirect leads to the sign-in page: the scope files:read is missing.
            raise Refused("files_read" if answer.status in (301, 302, 303, 403) else f"http_{answer.status}")
        limit, data = self._ctx.support.limits.file_bytes, bytearray()
        async for chunk in answer.content.iter_chunked(CHUNK):
            data += chunk
            if len(data) > limit:
                break
        return bytes(data)

    def _is_slacks(self, url: str) -> bool:
        if any(character <= " " or character in "\\@" for character in url):
            return False  # readers of addresses differ about whose host such a one names
        try:
            address, api = urlsplit(url), urlsplit(self._ctx.settings.slack_api_url)
            port = address.port
        except ValueError:
            return False
        if api.scheme == "http":
            return address.hostname == api.hostname  # a stand-in on this machine
        host = address.hostname or ""
        return (
            address.scheme == "https"
            and port in (None, 443)
            and (host == SLACK_HOSTS[0] or host.endswith(SLACK_HOSTS[1:]))
        )
