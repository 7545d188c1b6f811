"""A message that somebody chooses becomes an issue of theirs, with the thread above it as context."""

import json
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import select

from bot.store.tables import ChannelUser, Conversation, InboundEvent
from tests.channels.slack.conftest import Slack, captured
from tests.support.fake_slack import Refusal
from tests.support.gateway_fixture import SUPPORT, eventually

Json = dict[str, Any]
ROOT, ANSWER, CHOSEN = "1750170010.000100", "1750170020.000100", "1750170030.000100"
TITLE = SUPPORT.chat.create_issue


@pytest.fixture(autouse=True)
def no_turns(gateway: Any) -> None:
    gateway.ctx.work = lambda _: None


def thread(slack: Slack) -> None:
    """Kim and Lee write to each other in a thread of the print room; Kim goes on after the message that is chosen."""
    shortcut = captured("message_shortcut")["message"]
    slack.fake.threads["C2ROOM"] = [
        {"type": "message", "user": "U1KIM", "ts": ROOT, "thread_ts": ROOT, "text": "We have version 12.2.1 here"},
        {"type": "message", "user": "U2LEE", "ts": ANSWER, "thread_ts": ROOT, "text": "<@U1KIM> same here"},
        {"type": "message", "bot_id": "B1", "ts": "1750170025.000100", "thread_ts": ROOT, "text": "build is green"},
        shortcut,
        {"type": "message", "user": "U1KIM", "ts": "1750170040.000100", "thread_ts": ROOT, "text": "lunch?"},
    ]


async def chooses(slack: Slack, **changes: Any) -> httpx.Response:
    payload = {**captured("message_shortcut"), **changes}
    body = urlencode({"payload": json.dumps(payload)}).encode()
    return await slack.post("interactions", body, **{"Content-Type": "application/x-www-form-urlencoded"})


async def reacts(slack: Slack, emoji: str = "ticket", user: str = "U1KIM") -> httpx.Response:
    envelope = captured("reaction_added", slack.fake)
    envelope["event"] |= {
        "reaction": emoji, "user": user, "item": {"type": "message", "channel": "C2ROOM", "ts": CHOSEN}
    }  # fmt: skip
    return await slack.post("events", json.dumps(envelope).encode(), **{"Content-Type": "application/json"})


async def events(slack: Slack) -> list[tuple[str, str]]:
    async with slack.gateway.ctx.db.read() as session:
        found = await session.scalars(select(InboundEvent).order_by(InboundEvent.id))
        return [(event.source_id, event.status) for event in found]


async def customer(slack: Slack) -> str:
    query = select(ChannelUser.user_id).join(Conversation, Conversation.customer_id == ChannelUser.customer_id)
    async with slack.gateway.ctx.db.read() as session:
        return str(await session.scalar(query))


async def shown(slack: Slack) -> str:
    async def opened() -> bool:
        return bool(slack.fake.views)

    await eventually(opened)
    return str(slack.fake.views[-1]["view"]["blocks"][0]["text"]["text"])


EVERYTHING = [
    ("Kim", "We have version 12.2.1 here"),
    ("Lee", "@Kim same here"),
    ("Lee", "Printing an invoice crashes the program. Mail me at lee@customer.example"),
    ("Kim", TITLE),
]


@pytest.mark.parametrize("way", [chooses, reacts])
async def test_the_thread_above_is_stored_under_its_writers_and_begins_one_turn(slack: Slack, way: Any) -> None:
    thread(slack)
    for _ in range(2):
        assert (await way(slack)).status_code == 200
    assert await slack.written() == EVERYTHING
    (place,) = await slack.threads()
    assert (place.thread, place.shared) == (f"C2ROOM:{ROOT}", True)
    assert [status for _, status in await events(slack)] == ["done", "done", "done", "pending"]
    assert await customer(slack) == "U1KIM"


async def test_one_message_is_one_issue_whoever_chooses_it_however(slack: Slack) -> None:
    thread(slack)
    await chooses(slack)
    await reacts(slack, user="U2LEE")
    assert len(await slack.written()) == len(EVERYTHING)
    await chooses(slack, user={"id": "U2LEE", "team_id": "T0HOST"})
    assert await shown(slack) == SUPPORT.chat.issue_exists
    assert len(await slack.written()) == len(EVERYTHING)


async def test_where_the_app_is_not_the_issue_is_held_in_a_direct_message(slack: Slack) -> None:
    slack.fake.not_in.add("C2ROOM")
    await chooses(slack)
    (place,) = await slack.threads()
    assert (place.thread, place.shared) == ("DU1KIM", False)
    assert await slack.written() == EVERYTHING[2:]


async def test_for_somebody_who_cannot_be_written_to_nothing_is_stored(slack: Slack) -> None:
    slack.fake.not_in.add("C2ROOM")
    slack.fake.no_direct_messages = True
    await chooses(slack)
    assert await shown(slack) == SUPPORT.chat.no_way_to_write
    assert await slack.threads() == []


async def test_while_slack_does_not_answer_the_message_alone_is_logged(slack: Slack) -> None:
    thread(slack)
    slack.fake.troubles["conversations.replies"] = [Refusal("internal_error")]
    await chooses(slack)
    assert await slack.written() == EVERYTHING[2:]


async def test_a_reaction_that_cannot_be_read_is_sent_again_by_slack(slack: Slack) -> None:
    thread(slack)
    slack.fake.troubles["conversations.replies"] = [Refusal("internal_error")]
    assert (await reacts(slack)).status_code == 503
    assert await slack.threads() == []
    assert (await reacts(slack)).status_code == 200
    assert await slack.written() == EVERYTHING


async def test_other_emoji_log_nothing(slack: Slack) -> None:
    thread(slack)
    await reacts(slack, "eyes")
    assert await slack.threads() == []


async def test_a_message_of_ours_and_one_without_words_log_nothing(slack: Slack) -> None:
    message = captured("message_shortcut")["message"]
    await chooses(slack, message={**message, "app_id": "A0TECHREF"})
    assert await shown(slack) == SUPPORT.chat.own_message
    slack.fake.views.clear()
    await chooses(slack, message={**message, "text": ""})
    assert await shown(slack) == SUPPORT.chat.no_words
    assert await slack.threads() == []


async def test_an_unsigned_choice_is_not_read(slack: Slack) -> None:
    body = urlencode({"payload": json.dumps(captured("message_shortcut"))}).encode()
    answer = await slack.browser.post("/channels/slack/interactions", content=body)
    assert answer.status_code == 401 and await slack.threads() == []
