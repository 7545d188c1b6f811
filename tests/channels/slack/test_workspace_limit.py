"""A workspace that floods us loses nothing and delays nobody else; only a hopeless backlog is sent back to Slack."""

import json

from sqlalchemy import select

from bot.services.turn import conversation_lease
from bot.store.tables import InboundEvent
from tests.channels.slack.conftest import Slack, captured
from tests.desk.test_rate_limits import is_refused, lowered
from tests.support.gateway_fixture import eventually


async def waiting(slack: Slack) -> int:
    async with slack.gateway.ctx.db.read() as session:
        events = list(await session.scalars(select(InboundEvent).where(InboundEvent.status == "pending")))
    return len(events)


async def test_what_is_too_fast_is_kept_in_order_and_answered_later(slack: Slack) -> None:
    lowered(slack.gateway, workspace_messages_per_minute=4)
    for number in range(7):
        await slack.writes(f"message {number}", number)
    assert [text for _, text in await slack.written()] == [f"message {number}" for number in range(7)]

    async def only_the_fast_ones_wait() -> bool:
        return await waiting(slack) == 3

    await eventually(only_the_fast_ones_wait)
    assert await conversation_lease.due(slack.gateway.ctx) == []
    # Another company's people are answered at once.
    await slack.event("message_im", team="T9OTHER", user_team="T9OTHER", user="U9", channel="D9", ts="1750179000.1")
    await eventually(only_the_fast_ones_wait)
    slack.gateway.clock.advance(seconds=46)

    async def nobody_waits() -> bool:
        return await waiting(slack) == 0

    await eventually(nobody_waits, 30)


async def test_a_hopeless_backlog_is_sent_back_and_taken_when_slack_sends_it_again(slack: Slack) -> None:
    lowered(slack.gateway, workspace_messages_per_minute=1)
    for number in range(11):
        await slack.writes(f"message {number}", number)
    envelope = captured("message_im", slack.fake)
    envelope["event"] |= {"text": "too many", "ts": "1750171999.000100", "event_ts": "1750171999.000100"}
    body = json.dumps(envelope).encode()
    wait = is_refused(await slack.post("events", body))
    assert len(await slack.written()) == 11
    repeated = captured("message_im", slack.fake)
    repeated["event"] |= {"text": "message 3", "ts": "1750171003.000100", "event_ts": "1750171003.000100"}
    assert (await slack.post("events", json.dumps(repeated).encode())).status_code == 200, "it was kept before"
    slack.gateway.clock.advance(seconds=wait)
    assert (await slack.post("events", body)).status_code == 200
    assert (await slack.written())[-1][1] == "too many"
