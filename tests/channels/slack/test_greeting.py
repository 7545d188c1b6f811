"""The channel that the app is added to, and who installs it, are greeted once; no member is."""

from typing import Any

import pytest

from tests.channels.slack.conftest import Slack, captured
from tests.support.gateway_fixture import SUPPORT, eventually

BOT = "U0BOT"


@pytest.fixture(autouse=True)
def no_turns(gateway: Any) -> None:
    gateway.ctx.work = lambda _: None


async def joins(slack: Slack, user: str) -> None:
    envelope = captured("channel_join", slack.fake)
    event = {"type": "member_joined_channel", "user": user, "channel": "C2ROOM", "channel_type": "C", "team": "T0HOST"}
    await slack.event({**envelope, "event": event})


async def test_the_channel_is_greeted_and_no_member(slack: Slack) -> None:
    for user in ("U2LEE", BOT, "U1KIM"):
        await joins(slack, user)

    async def greeted() -> bool:
        return bool(slack.fake.posted)

    await eventually(greeted)
    (hello,) = slack.fake.posted
    assert hello["channel"] == "C2ROOM" and SUPPORT.greeting[:30] in hello["text"]
    assert await slack.threads() == []
