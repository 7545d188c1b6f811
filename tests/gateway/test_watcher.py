"""What others wrote wakes those whom it concerns, and nobody else."""

import asyncio

import pytest
from sqlalchemy import event

from bot.channels.web.stream_state import StreamState
from bot.gateway.workers.watcher import Watcher
from bot.http.hub import Hub, Listener
from bot.services.core.context import Context
from bot.services.core.topics import DESK
from bot.services.hand_off import transitions
from bot.services.queue import queue_position_cache
from bot.store.tables import Technician
from tests.support.service_fixtures import Clock, Customer
from tests.support.service_steps import only_hand_off, wait_in_the_queue


class Ear:
    """Listens to topics and tells which were woken since it was asked last."""

    def __init__(self, hub: Hub, *topics: str) -> None:
        self._listening = [(topic, hub.listen(topic)) for topic in topics]
        self.listeners: dict[str, Listener] = {}

    async def __aenter__(self) -> "Ear":
        self.listeners = {topic: await one.__aenter__() for topic, one in self._listening}
        return self

    async def __aexit__(self, *_: object) -> None:
        for _topic, one in self._listening:
            await one.__aexit__(None, None, None)

    def received(self) -> set[str]:
        return {topic for topic, listener in self.listeners.items() if listener.take_news()}


async def test_a_move_in_the_line_wakes_those_who_wait_and_the_desk_only(
    ctx: Context, clock: Clock, anna: Technician
) -> None:
    first, second, elsewhere = [await Customer.arrives(ctx) for _ in range(3)]
    await wait_in_the_queue(ctx, first)
    waiting = await only_hand_off(ctx)
    clock.advance(seconds=1)
    await wait_in_the_queue(ctx, second)
    clock.advance(seconds=20)
    hub = Hub()
    watcher = Watcher(ctx, hub)
    await watcher._look()
    async with Ear(hub, first.id, second.id, elsewhere.id, DESK) as ear:
        await watcher._look()
        assert ear.received() == set()
        clock.advance(seconds=1)
        await transitions.claim(ctx, waiting, anna)
        await watcher._look()
        assert ear.received() == {first.id, second.id, DESK}
        await watcher._look()
        assert ear.received() == set()


async def test_what_a_stream_has_read_already_does_not_wake_it_again(ctx: Context, clock: Clock) -> None:
    customer, hub = await Customer.arrives(ctx), Hub()
    watcher, reader = Watcher(ctx, hub), StreamState(ctx, customer.id, 0)
    async with Ear(hub, customer.id) as ear:
        clock.advance(seconds=1)
        await customer.writes("it crashes")
        await reader.look()
        ear.listeners[customer.id].seen = reader.as_of
        await watcher._look()
        assert ear.received() == set()
        clock.advance(seconds=1)
        await customer.writes("when I print")
        await watcher._look()
        assert ear.received() == {customer.id}
        assert [name for name, _, _ in await reader.look()] == ["message"]


async def test_everybody_in_the_line_hears_their_place_from_one_reading(ctx: Context, clock: Clock) -> None:
    customers = [await Customer.arrives(ctx) for _ in range(8)]
    for one in customers:
        await wait_in_the_queue(ctx, one)
        clock.advance(seconds=1)
    readings = 0

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        nonlocal readings
        readings += "FROM hand_offs JOIN issues" in statement

    event.listen(ctx.db.engine.sync_engine, "before_cursor_execute", count)
    looks = await asyncio.gather(*(StreamState(ctx, one.id, 10**6).look() for one in customers))
    places = [data["queue_position"] for (look,) in looks for name, data, _ in [look] if name == "state"]
    assert places == [1, 2, 3, 4, 5, 6, 7, 8]
    # On PostgreSQL each comes to ask when its own connection has answered, some after a reading has ended.
    assert readings <= 2 or not ctx.db.is_sqlite
    readings = 0
    asked = await asyncio.gather(*(queue_position_cache.cached_position(ctx, one.id) for one in customers))
    assert (asked, readings) == (places, 1)


@pytest.mark.parametrize("told", [True, False])
async def test_the_database_is_asked_less_often_while_others_inform(ctx: Context, told: bool) -> None:
    watcher = Watcher(ctx, Hub(), told=lambda: told)
    pausing = asyncio.create_task(watcher._pause())
    done, _ = await asyncio.wait({pausing}, timeout=1.2)
    assert bool(done) is not told
    watcher.look_soon()
    await asyncio.wait_for(pausing, 1)
