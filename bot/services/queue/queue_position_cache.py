"""Places in the queue for everybody who asks at the same moment, from one reading of the line.

When the line moves, every customer in it asks for their place: a hundred who wait would otherwise read a hundred rows
each. Who asks gets a reading that began after they asked, so nobody hears of an old place.
"""

import asyncio
from weakref import WeakKeyDictionary

from bot.services.core.context import Context
from bot.services.queue import queue_order

_readings: WeakKeyDictionary[Context, asyncio.Task[dict[str, int]]] = WeakKeyDictionary()


async def cached_position(ctx: Context, conversation_id: str) -> int | None:
    """The conversation's place in the line, from 1; None when it is not in it.

    Never to be awaited with a session open: it reads with one of its own, and the pool has an end.
    """
    reading = _readings.get(ctx)
    if reading is None:
        reading = _readings[ctx] = asyncio.create_task(_read(ctx))
    # Who goes away must not take the others' reading along.
    return (await asyncio.shield(reading)).get(conversation_id)


async def _read(ctx: Context) -> dict[str, int]:
    await asyncio.sleep(0)  # those who were woken together ask together
    # Before a connection is waited for: who asks from here on needs a newer reading.
    async with ctx.db.read() as session:
        _readings.pop(ctx, None)
        return queue_order.queue_places(await queue_order.waiting_hand_offs(session, ctx.support.queue_policy))
