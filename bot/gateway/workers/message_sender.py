"""Send messages of the outbox through their channels, each at the channel's own pace."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.channel import Deliver
from bot.services.channel.outgoing import Outgoing, outgoing
from bot.services.core.context import Context
from bot.services.outbox import leases
from bot.services.outbox.items import MESSAGE
from bot.services.outbox.outcomes import NotNow, NotYet, TooLarge
from bot.store.tables import OutboxItem

# Longer waits give the lease back.
LONGEST_SLEEP_SECONDS = 5.0


class Pace:
    """When the next send under a key may begin. Of this process only: a channel's own 429 covers the others."""

    def __init__(self) -> None:
        self._free_at: dict[str, float] = {}

    async def turn(self, key: str, apart: float) -> None:
        """Wait until a send under the key is allowed, and take it; raises NotYet when that would be too long."""
        until = time.monotonic() + LONGEST_SLEEP_SECONDS
        while (free_at := self._free_at.get(key, 0.0)) > (now := time.monotonic()):
            if free_at > until:
                raise NotYet(free_at - now)
            await asyncio.sleep(free_at - now)
        if len(self._free_at) > 10_000:
            self._free_at = {name: free for name, free in self._free_at.items() if free > now}
        self.hold(key, apart)

    def hold(self, key: str, seconds: float) -> None:
        """Allow nothing under this key for so long: one was just sent, or the channel said so."""
        self._free_at[key] = max(self._free_at.get(key, 0.0), time.monotonic() + seconds)


async def parts_of(item: OutboxItem, message: Outgoing, deliver: Deliver) -> list[Any]:
    """Return the parts of an item, those that were too large in smaller ones."""
    parts = list(await deliver.parts(message))
    for place in leases.places_split(item):
        parts[place : place + 1] = deliver.smaller(parts[place])
    return parts


class MessageSender:
    """``deliver`` names each channel that is on with the object that sends for it."""

    kind, at_once = MESSAGE, 200

    def __init__(self, ctx: Context, deliver: Mapping[str, Deliver]) -> None:
        self._ctx, self._deliver, self._pace = ctx, deliver, Pace()

    def targets(self) -> Sequence[str]:
        return list(self._deliver)

    async def send(self, item: OutboxItem) -> None:
        """Send the parts that are left, and record each as soon as the channel has accepted it.

        A crash between the two repeats that one part at most.
        """
        deliver, message = self._deliver[item.target], await outgoing(self._ctx, item)
        key = f"{item.target}:{deliver.rate_key(message)}"
        try:
            await self._send_parts(item, message, deliver, key)
        except NotNow as why:
            if why.retry_after:
                self._pace.hold(key, why.retry_after)
            raise

    async def _send_parts(self, item: OutboxItem, message: Outgoing, deliver: Deliver, key: str) -> None:
        parts = await parts_of(item, message, deliver)
        if item.parts_sent >= len(parts):
            # Nothing is left of it, as when its words were masked meanwhile.
            await leases.part_sent(self._ctx, item, len(parts), None, last=True)
        while item.parts_sent < len(parts):
            place = item.parts_sent
            await self._pace.turn(key, deliver.seconds_apart)
            try:
                outside_id = await deliver.send(message, parts[place])
            except TooLarge:
                smaller = deliver.smaller(parts[place])
                if len(smaller) < 2:
                    raise
                await leases.part_split(self._ctx, item, place)
                parts[place : place + 1] = smaller
                continue
            # Counted from the answer on: what was slow on its way must not find the next close behind it.
            self._pace.hold(key, deliver.seconds_apart)
            await leases.part_sent(self._ctx, item, place + 1, outside_id, last=place + 1 >= len(parts))
