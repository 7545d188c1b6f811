"""Notice that the operator's support.yml has changed, in every process that uses it."""

import asyncio
import logging
from pathlib import Path

from bot.services.core.worker_threads import FILES
from bot.settings.problems import SettingsError
from bot.settings.support.load import load_support
from bot.settings.support.support import Support

log = logging.getLogger(__name__)

FILE_NAME = "support.yml"


class SupportFile:
    """Looks at the file's time and size, which costs microseconds, and reads it in a thread when they differ."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._seen = self._stamp()
        self._reading = asyncio.Lock()

    async def fresh(self) -> Support | None:
        """Return the settings, if the file is another than last time; None if not, or while it cannot be used.

        What is wrong is logged once; it names keys and never values.
        """
        if self._stamp() == self._seen:
            return None
        async with self._reading:
            stamp = self._stamp()
            if stamp == self._seen:
                return None
            try:
                return await FILES.run(load_support, self._home)
            except SettingsError as error:
                log.error("support.yml was changed and cannot be used; what was read before still holds: %s", error)
                return None
            finally:
                # Only now: who asks while it is read waits for it, rather than go on with the former settings.
                self._seen = stamp

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = (self._home / FILE_NAME).stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_size
