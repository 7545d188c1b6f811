"""Fetch the files that came with messages, one after the other, beside the gateway's other work."""

import asyncio
import logging
from typing import Protocol

from bot.services.channel import incoming_files
from bot.services.channel.incoming_files import IncomingFile
from bot.services.channel.outbox import NotNow, Refused
from bot.services.core.context import Context

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 2.0


class Fetch(Protocol):
    """How a channel fetches a file."""

    async def fetch(self, file: IncomingFile) -> bytes:
        """The bytes; raises NotNow to be tried again, Refused when that would not help."""
        ...


class FileFetcher:
    """The background task of a channel; ``kick`` makes it look at once."""

    def __init__(self, ctx: Context, channel: str, source: Fetch) -> None:
        self._ctx, self._channel, self._source = ctx, channel, source
        self._news = asyncio.Event()

    def kick(self) -> None:
        self._news.set()

    async def run(self) -> None:
        """Runs until cancelled."""
        while True:
            self._news.clear()
            try:
                while (file := await incoming_files.claim_file(self._ctx, self._channel)) is not None:
                    await self._one(file)
            except Exception:
                log.exception("looking for files to fetch failed; trying again")
            try:
                async with asyncio.timeout(LOOK_EVERY_SECONDS):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def _one(self, file: IncomingFile) -> None:
        try:
            data = await self._source.fetch(file)
        except NotNow as why:
            await incoming_files.retry_file_later(self._ctx, file, why.code)
        except Refused as why:
            log.warning("file %s of %s is not kept: %s", file.id, file.conversation_id, why.code)
            await incoming_files.refuse_file(self._ctx, file, why.code)
        else:
            await incoming_files.keep_file(self._ctx, file, data)
