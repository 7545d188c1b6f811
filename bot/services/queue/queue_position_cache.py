"""Share one read of the queue among all who ask for their position at the same moment.

When the queue moves, every customer in it asks for their position: a hundred would otherwise read a hundred rows each.
A caller gets a read that began after its request, so no position is stale.
"""

import asyncio
from weakref import WeakKeyDictionary

from bot.services.core.context import Context
from bot.services.queue import queue_order

_readings: WeakKeyDictionary[Context, asyncio.Task[dict[str, int]]] = WeakKeyDictionary()


async def cached_position(ctx: Context, conversation_id: str) -> int | None:
    """Return the conversation's position in the queue, from 1; None when it is not in it.

    Never await it with a session open: it opens one of its own, and the pool is bounded.
    """
    reading = _readings.get(ctx)
    if reading is None:
        reading = _readings[ctx] = asyncio.create_task(_read(ctx))
    # A cancelled caller must not cancel the others' read.
    return (await asyncio.shield(reading)).get(conversation_id)


async def _read(ctx: Context) -> dict[str, int]:
    await asyncio.sleep(0)  # callers woken together ask together
    # Before waiting for a connection: later callers need a newer read.
    async with ctx.db.read() as session:
        _readings.pop(ctx, None)
        return queue_order.queue_places(await queue_order.waiting_hand_offs(session, ctx.support.queue_policy))
