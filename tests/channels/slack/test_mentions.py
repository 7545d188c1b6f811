"""Whom and what a message of Slack mentions is stored by name, and nothing of ours mentions anybody."""

import asyncio
import json

import pytest

from bot.channels.slack import names
from bot.channels.slack.client import WebApi
from tests.channels.slack.conftest import Slack
from tests.support.gateway_fixture import eventually

pytestmark = pytest.mark.asyncio


async def test_mentioned_people_and_channels_are_stored_by_name(slack: Slack) -> None:
    await slack.writes("ask <@U2LEE> or <@W3PAT|pat> in <#C2ROOM> or <#C9|general>, `<@U2LEE>`", 1)
    assert await texts(slack) == ["ask @Lee or @pat in #print-room or #general, `@Lee`"]


async def test_a_name_is_looked_up_once_for_all_messages(slack: Slack) -> None:
    await asyncio.gather(*(slack.writes(f"<@U2LEE> and <@U2LEE> {number}", number) for number in range(1, 4)))
    await slack.writes("<@U2LEE> again", 4)
    assert asked(slack, "U2LEE") == 1
    assert all("@Lee" in text for text in await texts(slack))


async def test_who_cannot_be_looked_up_is_somebody_and_the_message_is_stored(slack: Slack) -> None:
    await slack.writes("ask <@UGONE>, <!subteam^S1>, <#CGONE> please", 1)
    assert await texts(slack) == ["ask @someone, @group, #channel please"]


async def test_a_failed_look_up_is_made_again(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "FAILED_SECONDS", 0.0)
    slack.fake.people.pop("U2LEE")
    await slack.writes("ask <@U2LEE>", 1)
    slack.fake.people["U2LEE"] = "Lee"
    await slack.writes("I mean <@U2LEE>", 2)
    assert await texts(slack) == ["ask @someone", "I mean @Lee"]


async def test_a_name_stays_known_when_it_cannot_be_looked_up_again(
    slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "KEPT_SECONDS", 0.0)
    await slack.writes("ask <@U2LEE>", 1)
    del slack.fake.people["U2LEE"]
    await slack.writes("I mean <@U2LEE>", 2)
    assert asked(slack, "U2LEE") == 2 and await texts(slack) == ["ask @Lee", "I mean @Lee"]


async def test_who_wrote_before_is_named_though_slack_does_not_answer(slack: Slack) -> None:
    await slack.writes("hello", 1)

    async def named() -> bool:
        return (await slack.written())[0][0] == "Kim"

    await eventually(named)
    del slack.fake.people["U1KIM"]
    api = WebApi(slack.gateway.ctx)
    after_a_restart = names.Names(slack.gateway.ctx, api)
    found = await after_a_restart.mentioned("T0HOST", "T0HOST", {"U1KIM", "U2LEE"})
    assert found == {"U1KIM": "Kim", "U2LEE": "Lee"}
    await after_a_restart.close()
    await api.close()


async def test_a_message_waits_for_a_slow_name_only_so_long_and_the_next_one_has_it(
    slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "LONGEST_SECONDS", 0.0)
    await slack.writes("ask <@U2LEE>", 1)
    assert await texts(slack) == ["ask @someone"]

    async def looked_up() -> bool:
        return asked(slack, "U2LEE") == 1

    await eventually(looked_up)
    monkeypatch.undo()
    await slack.writes("I mean <@U2LEE>", 2)
    assert (await texts(slack))[1] == "I mean @Lee" and asked(slack, "U2LEE") == 1


async def test_what_is_written_while_a_name_is_looked_up_stays_behind_it(
    slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "LONGEST_SECONDS", 30.0)
    slack.fake.slow_seconds = 0.3
    first = asyncio.create_task(slack.writes("ask <@U2LEE>", 1))

    async def looking_up() -> bool:
        return "users.info" in slack.fake.begun

    await eventually(looking_up)
    await asyncio.gather(first, slack.writes("about the printer", 2), slack.writes("today", 3))
    assert (await texts(slack))[0] == "ask @Lee" and len(await texts(slack)) == 3


async def test_an_edit_names_people_too(slack: Slack) -> None:
    await slack.event("message_im")
    changed = "it crashes for <@U2LEE>"
    message = {"type": "message", "user": "U1KIM", "ts": "1750170000.000100", "text": changed}
    await slack.event("message_changed", message={**message, "edited": {"user": "U1KIM", "ts": "1750170060.0"}})
    assert [change["text"] for change in await slack.changes()] == ["it crashes for @Lee"]


async def test_nothing_that_is_printed_mentions_anybody(slack: Slack) -> None:
    await slack.writes("hello <@U2LEE>", 1)
    words = "<!channel> <!here> <@U1KIM> <#C1> <!subteam^S1> @here @channel done"
    await slack.we_say(await slack.conversation(), words, author="technician", author_name="<!here> Dana")
    posted = await slack.hears("done")
    shown = json.dumps([posted["blocks"], posted["text"]])
    assert not any(mark in shown for mark in ("<!", "<@", "<#"))
    assert posted["parse"] == "none" and str(posted["link_names"]).lower() in ("false", "0")
    assert all(block.get("text", {}).get("verbatim", True) for block in posted["blocks"])


async def texts(slack: Slack) -> list[str]:
    return [text for _, text in await slack.written()]


def asked(slack: Slack, user: str) -> int:
    return sum(method == "users.info" and told.get("user") == user for method, told in slack.fake.calls)
