"""Fetch a file that somebody attached in Teams: from their company's SharePoint, or from the connector."""

import httpx

from bot.channels.teams.client import Connector, download
from bot.channels.teams.service_hosts import AllowedHosts
from bot.services.channel.incoming_files import IncomingFile
from bot.services.core.context import Context
from bot.services.outbox.outcomes import Refused


class TeamsFiles:
    """``fetch`` for the file fetcher."""

    def __init__(self, ctx: Context, http: httpx.AsyncClient, connector: Connector, hosts: AllowedHosts) -> None:
        self._ctx, self._http, self._connector, self._hosts = ctx, http, connector, hosts

    async def fetch(self, file: IncomingFile) -> bytes:
        """Return the bytes; raises NotNow or Refused. Our token goes to the connector only, and nothing to other hosts.

        A file's address carries its own short-lived right to be read; a picture's does not.
        """
        url, most = str(file.source["url"]), self._ctx.support.limits.file_bytes
        if file.source["with_token"]:
            return await self._connector.fetch(url, most)
        if not self._hosts.allows_file(url):
            raise Refused("file_host_not_allowed")
        return await download(self._http, url, most, {})
