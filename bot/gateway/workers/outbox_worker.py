"""Send what is queued in the outbox: each item in a task of its own, so that none waits for another's target."""

import asyncio
import logging
from collections.abc import Sequence

from bot.services.core import log_format
from bot.services.core.context import Context
from bot.services.outbox import leases
from bot.services.outbox.process import Sender, process

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1.0
# A turn stores several messages and wakes each time: one look finds them all.
GATHER_SECONDS = 0.05
# Less than a process manager leaves a program to stop (12 s under techref up).
STOP_SECONDS = 5.0


class OutboxWorker:
    """``senders``: one for each kind of item."""

    def __init__(self, ctx: Context, senders: Sequence[Sender]) -> None:
        self._ctx = ctx
        self._senders = {sender.kind: sender for sender in senders}
        self._running: dict[int, tuple[str, asyncio.Task[None]]] = {}
        self.news = asyncio.Event()

    def kick(self) -> None:
        """Look at once: something was stored."""
        self.news.set()

    async def look(self) -> None:
        """Begin to send every item that is due, as many of each kind at once as its sender allows."""
        if self.news.is_set():
            await asyncio.sleep(GATHER_SECONDS)
        self.news.clear()
        targets = {kind: sender.targets() for kind, sender in self._senders.items()}
        at_once = max(sender.at_once for sender in self._senders.values())
        for item_id, kind in await leases.due(self._ctx, targets, at_once, list(self._running)):
            if self._free(kind):
                self._start(item_id, kind)

    def _free(self, kind: str) -> bool:
        running = sum(1 for running_kind, _ in self._running.values() if running_kind == kind)
        return running < self._senders[kind].at_once

    def _start(self, item_id: int, kind: str) -> None:
        task = asyncio.create_task(process(self._ctx, item_id, self._senders[kind]))
        self._running[item_id] = kind, task
        task.add_done_callback(lambda ended: self._ended(item_id, ended))

    def _ended(self, item_id: int, task: asyncio.Task[None]) -> None:
        kind, _ = self._running.pop(item_id)
        if not task.cancelled() and (error := task.exception()) is not None:
            # What became of it could not be recorded: it is sent again when the lease has run out.
            about = log_format.log_fields(item=item_id, kind=kind)
            log.error("the outcome of an outbox item was not recorded", extra=about, exc_info=error)
            return
        # The next of the same lane, or whatever waited for a place.
        self.kick()

    async def stop(self) -> None:
        """Let what is being sent end and be recorded; cancel what takes longer, which is sent again."""
        tasks = [task for _, task in self._running.values()]
        if not tasks:
            return
        _, unfinished = await asyncio.wait(tasks, timeout=STOP_SECONDS)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
