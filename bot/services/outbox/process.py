"""Send one item: whatever that raises belongs to this item, and no other waits for it."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

from bot.services.core import log_format
from bot.services.core.cancellation import is_own_cancellation
from bot.services.core.context import Context
from bot.services.outbox import leases
from bot.services.outbox.outcomes import LeaseLost, NotNeeded, NotNow, NotYet, Refused
from bot.store.tables import OutboxItem

log = logging.getLogger(__name__)


class Sender(Protocol):
    """Sends the items of one kind. ``at_once``: how many of them may be sent at the same time."""

    kind: str
    at_once: int

    def targets(self) -> Sequence[str] | None:
        """Return the targets that can be reached, None for any."""
        ...

    async def send(self, item: OutboxItem) -> None:
        """Send the item and record that (``leases.sent``); raise an error of ``outbox.outcomes`` otherwise."""
        ...


async def process(ctx: Context, item_id: int, sender: Sender) -> None:
    """Claim the item, send it and record what became of it. Does nothing when it cannot be claimed."""
    item = await leases.claim(ctx, item_id)
    if item is None:
        return
    about = log_format.log_fields(item=item.id, kind=item.kind, conversation=item.conversation_id)
    try:
        async with leases.renewed(ctx, item):
            await _send(ctx, item, sender, about)
    except LeaseLost:
        log.warning("another worker sends an item of the outbox", extra=about)
    if item.conversation_id is not None:
        ctx.wake(item.conversation_id)


async def _send(ctx: Context, item: OutboxItem, sender: Sender, about: dict[str, dict[str, str | float]]) -> None:
    try:
        await sender.send(item)
    except LeaseLost:
        raise
    except NotYet as why:
        await leases.release(ctx, item, why.seconds)
    except NotNeeded:
        await leases.dropped(ctx, item)
    except NotNow as why:
        log.warning("an item of the outbox waits: %s", why.code, extra=about)
        await leases.retry(ctx, item, why)
    except Refused as why:
        log.error("an item of the outbox was refused for good: %s", why.code, extra=about)
        await leases.failed(ctx, item, why.code)
    except (Exception, asyncio.CancelledError) as error:
        if is_own_cancellation(error):
            raise
        # A fault of ours: it waits like any other, so that nothing is lost and nothing spins.
        log.error("an item of the outbox could not be sent", extra=about, exc_info=error)
        await leases.retry(ctx, item, NotNow(type(error).__name__))
