"""Two gateways on one PostgreSQL: Redis tells at once, the database tells soon, whatever becomes of Redis."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.desk.presence import Presence
from bot.gateway.cluster.pubsub import OtherGateways
from bot.gateway.workers.watcher import Watcher
from bot.http.hub import Hub, Listener, desk_topic
from bot.services.core.context import Context, wire
from bot.services.core.topics import DESK
from bot.services.hand_off import transitions
from bot.settings.env.settings import load_settings
from bot.store.tables import Technician
from tests.support.redis_server import REDIS, RedisServer, redis_namespace, running_redis
from tests.support.service_fixtures import Customer, add_technician
from tests.support.service_steps import only_hand_off, wait_in_the_queue

pytestmark = pytest.mark.postgresql


@dataclass
class Gateway:
    """What the gateway's application wires together, without HTTP."""

    ctx: Context
    hub: Hub
    others: OtherGateways
    presence: Presence
    watching: asyncio.Task[None]

    def sees(self, customer: Customer, technician_id: int = 0) -> dict[str, Any]:
        return self.presence.seen_by(self.hub, customer.id, technician_id)

    async def is_notified(self, told: bool = True) -> None:
        await until(lambda: self.others.receiving() is told)


@pytest.fixture
def redis_names() -> Iterator[str]:
    with redis_namespace() as names:
        yield names


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    with running_redis(tmp_path) as server:
        yield server


@asynccontextmanager
async def gateways(home: Path, database_url: str, redis_url: str, names: str) -> AsyncIterator[tuple[Gateway, Gateway]]:
    settings = load_settings({"TECHREF_HOME": str(home), "TECHREF_DATABASE_URL": database_url})
    both, tasks = [], []
    for _ in range(2):
        ctx, hub = wire(replace(settings, redis_url=redis_url)), Hub()
        presence = Presence()
        others = OtherGateways(ctx.settings, redis_url, hub, presence, names)
        watcher = Watcher(ctx, hub, others.receiving)
        ctx.wake = partial(_wake_both, hub, others)
        hub.on_typing, hub.on_presence = others.typing, others.came_or_left
        watching = asyncio.create_task(watcher.run())
        tasks += [watching, asyncio.create_task(others.run(watcher.look_soon))]
        both.append(Gateway(ctx, hub, others, presence, watching))
    try:
        yield both[0], both[1]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for one in both:
            await one.ctx.db.close()


def _wake_both(hub: Hub, others: OtherGateways, topic: str) -> None:
    hub.wake(topic)
    others.wake(topic)


async def until(condition: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


async def news(listener: Listener) -> None:
    await asyncio.wait_for(listener.news.wait(), 15)
    listener.news.clear()


async def only_redis_notifies(here: Gateway, there: Gateway, customer: Customer, listener: Listener) -> None:
    """Stop looking into the database at ``there``, and return when all that Redis had for it has arrived."""
    there.watching.cancel()
    await asyncio.wait([there.watching])
    # Redis keeps the order of one publisher's messages.
    here.hub.typing(customer.id, "technician", "the last so far", True)
    await until(lambda: any(one["name"] == "the last so far" for one in listener.signals))
    listener.news.clear()


async def test_news_reaches_the_other_gateway_through_redis(
    tmp_path: Path, database_url: str, redis_names: str
) -> None:
    async with gateways(tmp_path, database_url, REDIS, redis_names) as (here, there):
        await here.is_notified()
        await there.is_notified()
        customer = await Customer.arrives(here.ctx)
        async with there.hub.listen(customer.id) as listener:
            await only_redis_notifies(here, there, customer, listener)
            for number in range(8):
                await customer.writes(f"it crashes, {number}")
                await news(listener)


async def test_typing_is_seen_at_the_other_gateway_and_words_are_not_sent(
    tmp_path: Path, database_url: str, redis_names: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with gateways(tmp_path, database_url, REDIS, redis_names) as (here, there):
        await here.is_notified()
        await there.is_notified()
        customer = await Customer.arrives(here.ctx)
        passed_on: list[str] = []
        deliver = there.others._news.deliver

        def recorded(data: str, me: str) -> None:
            passed_on.append(data)
            deliver(data, me)

        monkeypatch.setattr(there.others._news, "deliver", recorded)
        async with (
            there.hub.listen(customer.id) as at_the_chat,
            there.hub.listen(desk_topic(customer.id)) as at_the_desk,
            here.hub.listen(customer.id) as at_home,
        ):
            await customer.writes("my canary sings")
            here.hub.typing(customer.id, "technician", "Anna", True)
            here.hub.typing(desk_topic(customer.id), "customer", "", True)
            await until(lambda: bool(at_the_chat.signals and at_the_desk.signals))
            assert at_the_chat.signals == [{"author": "technician", "name": "Anna", "on": True}]
            assert at_the_desk.signals == [{"author": "customer", "name": "", "on": True}]
            # What comes from there afterwards arrives after anything that came back from Redis.
            there.hub.typing(customer.id, "technician", "Ben", True)
            await until(lambda: at_home.signals[-1:] == [{"author": "technician", "name": "Ben", "on": True}])
            assert len(at_home.signals) == 2, "a gateway passes its own messages over"
        assert customer.id in "".join(passed_on) and "canary" not in "".join(passed_on)


async def test_technicians_see_who_holds_the_conversation_open_at_the_other_gateway(
    tmp_path: Path, database_url: str, redis_server: RedisServer
) -> None:
    nobody: dict[str, Any] = {"customer": False, "technicians": []}
    async with gateways(tmp_path, database_url, redis_server.url, "test:") as (here, there):
        customer = await Customer.arrives(here.ctx)
        async with here.hub.listen(customer.id), there.hub.listen(desk_topic(customer.id)) as page:
            # Who was there before the gateways knew each other is told as well.
            await until(lambda: there.sees(customer)["customer"])
            page.news.clear()
            with here.presence.looking(here.hub, customer.id, 7, "Anna"):
                async with here.hub.listen(customer.id):
                    await until(lambda: there.sees(customer) == {"customer": True, "technicians": ["Anna"]})
                    assert page.news.is_set() and there.sees(customer, 7)["technicians"] == []
            await until(lambda: there.sees(customer) == {"customer": True, "technicians": []})
            redis_server.kill()
            # What cannot be known is not claimed.
            await until(lambda: there.sees(customer) == nobody)
            redis_server.start()
            await until(lambda: there.sees(customer)["customer"])
        await until(lambda: there.sees(customer) == nobody)


async def test_nobody_is_present_at_a_gateway_that_is_silent(
    tmp_path: Path, database_url: str, redis_server: RedisServer
) -> None:
    async with gateways(tmp_path, database_url, redis_server.url, "test:") as (here, there):
        await there.is_notified()
        customer = await Customer.arrives(here.ctx)
        said = {"customer": True, "pages": [[7, "Anna"]]}
        redis_server.ask("PUBLISH", "test:news", json.dumps({"from": "gone", "here": {customer.id: said}}))
        await until(lambda: there.sees(customer) == {"customer": True, "technicians": ["Anna"]})
        await until(lambda: there.sees(customer) == {"customer": False, "technicians": []})


async def test_those_in_the_line_learn_of_a_claim_at_the_other_gateway(
    tmp_path: Path, database_url: str, redis_names: str
) -> None:
    async with gateways(tmp_path, database_url, REDIS, redis_names) as (here, there):
        anna: Technician = await add_technician(here.ctx, "Anna")
        first, second = await Customer.arrives(here.ctx), await Customer.arrives(here.ctx)
        await wait_in_the_queue(here.ctx, first)
        waiting = await only_hand_off(here.ctx)
        await wait_in_the_queue(here.ctx, second)
        await here.is_notified()
        await there.is_notified()
        async with there.hub.listen(second.id) as listener, there.hub.listen(DESK) as desk:
            await asyncio.sleep(2.5)
            listener.news.clear()
            desk.news.clear()
            await transitions.claim(here.ctx, waiting, anna)
            await news(desk)
            await news(listener)


@pytest.mark.parametrize("cut", ["connections", "server", "silence"])
async def test_without_redis_the_database_informs_soon_and_redis_is_resumed_again(
    tmp_path: Path, database_url: str, redis_server: RedisServer, caplog: pytest.LogCaptureFixture, cut: str
) -> None:
    caplog.set_level(logging.INFO, "bot.gateway.cluster.pubsub")
    async with gateways(tmp_path, database_url, redis_server.url, "test:") as (here, there):
        await here.is_notified()
        await there.is_notified()
        customer = await Customer.arrives(here.ctx)
        async with there.hub.listen(customer.id) as listener:
            await asyncio.sleep(0.3)
            if cut == "connections":
                for kind in ("pubsub", "normal"):
                    redis_server.ask("CLIENT", "KILL", "TYPE", kind)
            elif cut == "server":
                redis_server.kill()
                await there.is_notified(False)
            else:
                # Its connections stay open, it only says nothing any more.
                redis_server.pause()
                await there.is_notified(False)
            listener.news.clear()
            await customer.writes("it crashes")
            await news(listener)
            if cut == "server":
                redis_server.start()
            elif cut == "silence":
                redis_server.go_on()
            await here.is_notified()
            await there.is_notified()
            await only_redis_notifies(here, there, customer, listener)
            await customer.writes("when I print")
            await news(listener)
        said = [record.getMessage() for record in caplog.records]
        assert sum("Redis does not answer" in one for one in said) == 2, said
        assert sum("Redis answers again" in one for one in said) == 2, said


async def test_a_message_of_another_shape_is_passed_over(
    tmp_path: Path, database_url: str, redis_server: RedisServer
) -> None:
    async with gateways(tmp_path, database_url, redis_server.url, "test:") as (here, there):
        await here.is_notified()
        await there.is_notified()
        for odd in ("", "[]", "{", '{"from": "x", "wake": 7}', '{"from": "x", "typing": [[1]]}', '{"from": null}'):
            redis_server.ask("PUBLISH", "test:news", odd)
        customer = await Customer.arrives(here.ctx)
        async with here.hub.listen(customer.id) as at_here, there.hub.listen(customer.id) as at_there:
            here.hub.typing(customer.id, "technician", "Anna", True)
            there.hub.typing(customer.id, "technician", "Ben", True)
            # What came before is read by now; it neither stopped the reading nor cost the connection.
            await until(lambda: len(at_here.signals) == 2 and len(at_there.signals) == 2)
        assert here.others.receiving() and there.others.receiving()
