"""Send what the outbox owes: one task per conversation, in order, each channel at its own pace."""

import asyncio
import logging
import time
from collections.abc import Mapping

from bot.channels.channel import Deliver
from bot.services.channel import outbox
from bot.services.channel.outbox import Lease, LeaseLost, NotNow, Outgoing, Refused
from bot.services.core.context import Context

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1.0
# A turn stores several messages and wakes each time: one look finds them all.
GATHER_SECONDS = 0.05
# Longer waits give the lease back; the next look takes the conversation up again.
LONGEST_SLEEP_SECONDS = 5.0


class Pace:
    """When the next send under a key may begin. Of this process only: a channel's own 429 covers the others."""

    def __init__(self) -> None:
        self._free_at: dict[str, float] = {}

    async def turn(self, key: str, apart: float) -> bool:
        """Wait for one's turn under the key and take it; False, with nothing taken, when that would be too long."""
        until = time.monotonic() + LONGEST_SLEEP_SECONDS
        while (free_at := self._free_at.get(key, 0.0)) > (now := time.monotonic()):
            if free_at > until:
                return False
            await asyncio.sleep(free_at - now)
        if len(self._free_at) > 10_000:
            self._free_at = {name: free for name, free in self._free_at.items() if free > now}
        self.hold(key, apart)
        return True

    def hold(self, key: str, seconds: float) -> None:
        """Nothing under this key for so long: one was just sent, or the channel said so."""
        self._free_at[key] = max(self._free_at.get(key, 0.0), time.monotonic() + seconds)


class OutboxWorker:
    """``deliver`` names each channel that is on with the object that sends for it."""

    def __init__(self, ctx: Context, deliver: Mapping[str, Deliver]) -> None:
        self._ctx, self._deliver = ctx, deliver
        self.news = asyncio.Event()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._typing: set[asyncio.Task[None]] = set()
        self._shown: set[str] = set()
        self._pace = Pace()

    def kick(self) -> None:
        """Something was stored: look now."""
        self.news.set()

    async def look(self) -> None:
        """Begin to send in every conversation that has a message due."""
        if not self._deliver:
            return
        if self.news.is_set():
            await asyncio.sleep(GATHER_SECONDS)
        self.news.clear()
        for conversation_id, _ in await outbox.due(self._ctx, list(self._deliver)):
            self._start(conversation_id)

    async def stop(self) -> None:
        """Cancel what is being sent; the messages are recorded, or sent again at the next start."""
        tasks = [*self._running.values(), *self._typing]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def typing(self, conversation_id: str, on: bool) -> None:
        """Let the customer see that somebody writes, where their channel can show it."""
        if self._deliver and (on or conversation_id in self._shown):
            task = asyncio.create_task(self._show_typing(conversation_id, on))
            self._typing.add(task)
            task.add_done_callback(self._typing.discard)

    async def _show_typing(self, conversation_id: str, on: bool) -> None:
        try:
            found = await outbox.where(self._ctx, conversation_id)
            deliver = self._deliver.get(found.channel) if found else None
            if found and deliver:
                (self._shown.add if on else self._shown.discard)(conversation_id)
                await deliver.typing(found.reference, found.workspace, on)
        except Exception:
            log.exception("typing in %s could not be shown", conversation_id)

    def _start(self, conversation_id: str) -> None:
        if conversation_id not in self._running:
            task = asyncio.create_task(self._send_all(conversation_id))
            self._running[conversation_id] = task
            task.add_done_callback(lambda ended: self._ended(conversation_id, ended))

    def _ended(self, conversation_id: str, task: asyncio.Task[None]) -> None:
        del self._running[conversation_id]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("sending in %s broke: %s", conversation_id, type(error).__name__, exc_info=error)

    async def _send_all(self, conversation_id: str) -> None:
        lease = await outbox.take(self._ctx, conversation_id)
        if lease is None:
            return
        try:
            while (outgoing := await outbox.next_message(self._ctx, lease)) is not None:
                if not await self._send(lease, outgoing):
                    break
            await outbox.release(self._ctx, lease)
        except LeaseLost:
            log.warning("another worker sends the messages of %s", conversation_id)

    async def _send(self, lease: Lease, outgoing: Outgoing) -> bool:
        """Send the parts that are left; whether the next message may follow at once."""
        deliver = self._deliver[lease.channel]
        key = f"{lease.channel}:{deliver.rate_key(outgoing)}"
        try:
            parts = await deliver.parts(outgoing)
            for place in range(outgoing.parts_sent, max(len(parts), 1)):
                if not await self._pace.turn(key, deliver.seconds_apart):
                    return False
                outside_id = await deliver.send(outgoing, parts[place]) if parts else None
                # Counted from the answer on: what was slow on its way must not find the next close behind it.
                self._pace.hold(key, deliver.seconds_apart)
                await outbox.part_sent(self._ctx, lease, outgoing, place, len(parts), outside_id)
        except NotNow as why:
            log.warning("message %s of %s waits: %s", outgoing.message["seq"], lease.conversation_id, why.code)
            if why.retry_after:
                self._pace.hold(key, why.retry_after)
            await outbox.not_now(self._ctx, lease, outgoing, why)
            return False
        except Refused as why:
            log.error("message %s of %s was refused: %s", outgoing.message["seq"], lease.conversation_id, why.code)
            await outbox.refused(self._ctx, lease, outgoing, why)
        except LeaseLost:
            raise
        except Exception as error:
            # A fault of ours: it waits like any other, so that nothing is lost and nothing spins.
            log.exception("message %s of %s could not be sent", outgoing.message["seq"], lease.conversation_id)
            await outbox.not_now(self._ctx, lease, outgoing, NotNow(type(error).__name__))
            return False
        self._ctx.wake(lease.conversation_id)
        return True
