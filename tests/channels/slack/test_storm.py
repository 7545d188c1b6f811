"""The duplicate storm: many events, each delivered three times in random order over four connections.

`make storm` runs it with a thousand events; `make test-slow` with 150, `make test` with 40.
"""

import asyncio
import json
import os
import random
import time
from statistics import quantiles
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from bot.store.tables import InboundEvent, Message, Turn
from tests.channels.slack.conftest import Slack, captured
from tests.support.fake_slack import signed
from tests.support.gateway_fixture import eventually

EVENTS = int(os.environ.get("STORM_EVENTS", "150"))
DELIVERIES, CONNECTIONS = 3, 4
SLACK_WAITS_SECONDS = 3.0


def storm(count: int) -> list[bytes]:
    """Bodies with an event id and a time of their own for each delivery, in random order.

    Each person sends ten messages in a row, so that turns must keep their order too.
    """
    envelope, bodies = captured("message_im"), []
    for number in range(count):
        person = number % (count // 10)
        event = {
            **envelope["event"],
            "user": f"U{person}",
            "channel": f"D{person}",
            "text": f"the invoice number {number} does not print",
            "ts": f"17502{number:05d}.000100",
        }
        for delivery in range(DELIVERIES):
            bodies.append(json.dumps({**envelope, "event": event, "event_id": f"Ev{number}-{delivery}"}).encode())
    random.Random(7).shuffle(bodies)
    return bodies


@pytest.mark.timeout(500)
@pytest.mark.parametrize("count", [40, pytest.param(EVENTS, marks=pytest.mark.slow)])
async def test_events_delivered_three_times_each_are_answered_once(slack: Slack, count: int) -> None:
    """Rasa is stopped and Slack's own API hangs: turns go through the rule-only path, and no acknowledgement waits."""
    slack.fake.slow_seconds = 60
    waiting, waits = storm(count), list[float]()

    def now() -> float:
        return slack.gateway.clock().timestamp()

    async def connection() -> None:
        """One connection, kept open as Slack does. By hand: a client library would cost more than the gateway."""
        address = urlsplit(slack.gateway.address)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        while waiting:
            body = waiting.pop()
            headers = {"Host": address.netloc, "Content-Length": str(len(body)), **signed(body, now())}
            head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            began = time.monotonic()
            writer.write(f"POST /channels/slack/events HTTP/1.1\r\n{head}\r\n".encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            waits.append(time.monotonic() - began)
            assert answer.startswith(b"HTTP/1.1 200") and b"content-length: 0" in answer.lower(), answer
        writer.close()
        await writer.wait_closed()

    began, cpu = time.monotonic(), time.process_time()
    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    accepted = time.monotonic() - began

    async def counted(*what: object) -> list[int]:
        async with slack.gateway.ctx.db.read() as session:
            return [await session.scalar(one) or 0 for one in what]  # type: ignore[call-overload]

    done = select(func.count()).where(InboundEvent.status == "done")

    async def all_done() -> bool:
        return await counted(done) == [count]

    await eventually(all_done, 400)
    worked = time.monotonic() - began
    messages, turns, events = await counted(
        select(func.count()).where(Message.author == "customer"),
        select(func.count(Turn.id)),
        select(func.count(InboundEvent.id)),
    )
    # What waits of one person is one turn: ten messages are at least one, and none is a turn twice.
    assert (messages, events) == (count, count)
    assert count // 10 <= turns <= count
    p99 = quantiles(waits, n=100)[98]
    print(f"\n{len(waits)} deliveries accepted in {accepted:.1f} s, p99 {p99 * 1000:.0f} ms")
    print(f"{count} turns done after {worked:.1f} s, with {time.process_time() - cpu:.0f} s of processor time")
    # A few deliveries on a busy machine measure the machine.
    assert count < EVENTS or p99 < SLACK_WAITS_SECONDS
