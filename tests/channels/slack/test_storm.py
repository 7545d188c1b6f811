"""The duplicate storm: a thousand events, each delivered three times in random order over four connections."""

import asyncio
import json
import random
import time
from statistics import quantiles

import httpx
import pytest
from sqlalchemy import func, select

from bot.store.tables import InboundEvent, Message, Turn
from tests.channels.slack.conftest import Slack, captured, signed
from tests.desk.office import eventually

EVENTS, DELIVERIES, CONNECTIONS = 1000, 3, 4
# Three messages in a row of each of many people, so that turns must keep their order too.
PEOPLE = 334
SLACK_WAITS_SECONDS = 3.0


def storm() -> list[bytes]:
    """Bodies with an event id and a time of their own for each delivery, in random order."""
    envelope, bodies = captured("message_im"), []
    for number in range(EVENTS):
        person = number % PEOPLE
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


@pytest.mark.timeout(180)
async def test_a_thousand_events_three_times_each_are_a_thousand_turns(slack: Slack) -> None:
    """Rasa is stopped and Slack's own API hangs: turns go through the rule-only path, and no acknowledgement waits."""
    slack.fake.slow_seconds = 60
    waiting, waits = storm(), list[float]()

    async def connection() -> None:
        limits = httpx.Limits(max_connections=1)
        async with httpx.AsyncClient(base_url=slack.office.address, trust_env=False, timeout=30, limits=limits) as one:
            while waiting:
                body = waiting.pop()
                began = time.monotonic()
                answer = await one.post(
                    "/channels/slack/events", content=body, headers=signed(body, slack.office.clock().timestamp())
                )
                waits.append(time.monotonic() - began)
                assert answer.status_code == 200

    began = time.monotonic()
    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    accepted = time.monotonic() - began

    async def counted(*what: object) -> list[int]:
        async with slack.office.ctx.db.read() as session:
            return [await session.scalar(one) or 0 for one in what]  # type: ignore[call-overload]

    done = select(func.count()).where(InboundEvent.status == "done")

    async def all_done() -> bool:
        return await counted(done) == [EVENTS]

    await eventually(all_done, 120)
    worked = time.monotonic() - began
    messages, turns, events = await counted(
        select(func.count()).where(Message.author == "customer"),
        select(func.count(Turn.id)),
        select(func.count(InboundEvent.id)),
    )
    assert (messages, turns, events) == (EVENTS, EVENTS, EVENTS)
    p99 = quantiles(waits, n=100)[98]
    print(f"\n{len(waits)} deliveries accepted in {accepted:.1f} s, p99 {p99 * 1000:.0f} ms; all turns {worked:.1f} s")
    assert p99 < SLACK_WAITS_SECONDS
