"""Fetch the files that came with messages, one after the other, beside the gateway's other work."""

import asyncio
import logging
from typing import Protocol

from bot.channels.channel import BackgroundStep
from bot.services.channel import incoming_files
from bot.services.channel.incoming_files import IncomingFile
from bot.services.core import log_format
from bot.services.core.context import Context
from bot.services.outbox.outcomes import NotNow, Refused

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 2.0


class Fetch(Protocol):
    """The interface by which a channel fetches a file."""

    async def fetch(self, file: IncomingFile) -> bytes:
        """Return the bytes; raises NotNow to be tried again, Refused when that would not help."""
        ...


class FileFetcher:
    """Fetches a channel's files in the background; ``kick`` makes it look at once."""

    def __init__(self, ctx: Context, channel: str, source: Fetch) -> None:
        self._ctx, self._channel, self._source = ctx, channel, source
        self.news = asyncio.Event()

    def kick(self) -> None:
        self.news.set()

    def background(self) -> BackgroundStep:
        """Return the step that the gateway repeats."""
        return BackgroundStep(f"{self._channel} files", self.look, LOOK_EVERY_SECONDS, self.news)

    async def look(self) -> None:
        """Fetch the next file that is due, and look again at once when there was one."""
        file = await incoming_files.claim_file(self._ctx, self._channel)
        if file is not None:
            self.news.set()
            await self._one(file)

    async def _one(self, file: IncomingFile) -> None:
        try:
            data = await self._source.fetch(file)
        except NotNow as why:
            await incoming_files.retry_file_later(self._ctx, file, why.code)
        except Refused as why:
            log.warning("file %s of %s is not kept: %s", file.id, file.conversation_id, why.code)
            await incoming_files.refuse_file(self._ctx, file, why.code)
        except Exception as error:
            # A fault of ours belongs to this file: it waits, the others are fetched.
            about = log_format.log_fields(file=file.id, channel=self._channel)
            log.error("a file could not be fetched and is tried again", extra=about, exc_info=error)
            await incoming_files.retry_file_later(self._ctx, file, type(error).__name__)
        else:
            await incoming_files.keep_file(self._ctx, file, data)
