"""Show in the customer's channel that somebody writes."""

import asyncio
import logging
from collections.abc import Mapping

from bot.channels.channel import Deliver
from bot.services.channel.outgoing import thread_of
from bot.services.core import log_format
from bot.services.core.context import Context

log = logging.getLogger(__name__)


class TypingIndicator:
    """``deliver`` names each channel that is on with the object that sends for it."""

    def __init__(self, ctx: Context, deliver: Mapping[str, Deliver]) -> None:
        self._ctx, self._deliver = ctx, deliver
        self._tasks: set[asyncio.Task[None]] = set()
        self._shown: set[str] = set()

    def typing(self, conversation_id: str, on: bool) -> None:
        """Show or hide that somebody writes, where the channel can show it."""
        if self._deliver and (on or conversation_id in self._shown):
            task = asyncio.create_task(self._show(conversation_id, on))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _show(self, conversation_id: str, on: bool) -> None:
        try:
            found = await thread_of(self._ctx, conversation_id)
            deliver = self._deliver.get(found.channel) if found else None
            if found and deliver:
                (self._shown.add if on else self._shown.discard)(conversation_id)
                await deliver.typing(found.reference, found.workspace, on)
        except Exception:
            log.exception("typing could not be shown", extra=log_format.log_fields(conversation=conversation_id))

    async def stop(self) -> None:
        """Cancel what is being shown."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
