"""Keep the files of a mail until they are on their message: a mail is acknowledged once, and is not sent again."""

import asyncio
import hashlib
import time
from pathlib import Path

from sqlalchemy import select

from bot.channels.channel import BackgroundStep
from bot.services.channel.channel_people import EMAIL
from bot.services.channel.incoming_files import PENDING, IncomingFile
from bot.services.core.context import Context
from bot.services.core.worker_threads import FILES
from bot.services.outbox.outcomes import NotNow, Refused

FOLDER = "incoming_mail"
# Kept so long although no message waits for it, as when the gateway died before it was stored.
KEPT_SECONDS = 86_400.0
LOOK_EVERY_SECONDS = 600.0


async def keep(ctx: Context, data: bytes) -> str:
    """Write the bytes down and return their name; the same bytes have the same name."""
    name = hashlib.sha256(data).hexdigest()
    await FILES.run(_write, ctx.home / FOLDER, name, data)
    return name


def _write(folder: Path, name: str, data: bytes) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = folder / f".{name}"
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(data)
    unfinished.replace(folder / name)


class SpooledFiles:
    """``fetch`` for the file fetcher."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    async def fetch(self, file: IncomingFile) -> bytes:
        """Return the bytes of a file; raises NotNow or Refused."""
        path = self._ctx.home / FOLDER / str(file.source["spooled"])
        try:
            return await FILES.run(path.read_bytes)
        except FileNotFoundError as error:
            raise Refused("file_removed") from error
        except OSError as error:
            raise NotNow("unreadable") from error


class SpoolSweep:
    """Remove what no message waits for any more."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def background(self) -> BackgroundStep:
        return BackgroundStep("email spool", self.look, LOOK_EVERY_SECONDS, asyncio.Event())

    async def look(self) -> None:
        waits = select(IncomingFile.source).where(IncomingFile.channel == EMAIL, IncomingFile.status == PENDING)
        async with self._ctx.db.read() as session:
            wanted = {str(source.get("spooled")) for source in await session.scalars(waits)}
        await FILES.run(_remove, self._ctx.home / FOLDER, wanted)


def _remove(folder: Path, wanted: set[str]) -> None:
    if not folder.is_dir():
        return
    for file in folder.iterdir():
        if file.name not in wanted and time.time() - file.stat().st_mtime > KEPT_SECONDS:
            file.unlink(missing_ok=True)
