"""Customers' /techref in Slack, and their rating: for themselves alone, and only of what is theirs."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from bot.services.issue import issue_status
from bot.store.tables import InboundEvent, Issue, Message, Rating
from bot.triage.issue.issue_status import IssueStatus
from tests.channels.slack.conftest import Slack, captured
from tests.channels.slack.test_app_home import logs_an_issue
from tests.channels.slack.test_delivery import buttons, sent
from tests.support.gateway_fixture import SUPPORT, eventually
from tests.support.slack_staff import command_body

Json = dict[str, Any]
WORDS = SUPPORT.chat
PLAIN = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(autouse=True)
def no_turns(gateway: Any) -> None:
    gateway.ctx.work = lambda _: None


async def commands(slack: Slack, text: str, user: str = "U1KIM", team: str = "T0HOST") -> str:
    answer = await slack.post("commands", command_body(user, text, team), **PLAIN)
    assert answer.status_code == 200 and answer.json()["response_type"] == "ephemeral"
    return str(answer.json()["blocks"][0]["text"]["text"])


@pytest.mark.parametrize("text", ["ask how do I print labels?", "how do I print labels?"])
async def test_a_question_goes_on_in_the_direct_message(slack: Slack, text: str) -> None:
    assert await commands(slack, text) == WORDS.answered_directly
    assert await slack.written() == [("Slack", "how do I print labels?")]
    (place,) = await slack.threads()
    assert (place.thread, place.shared) == ("DU1KIM", False)


async def test_a_person_is_wished_for_with_and_without_words(slack: Slack) -> None:
    await commands(slack, "person")
    await commands(slack, "person my books are gone")
    wish = SUPPORT.buttons.person
    assert [text for _, text in await slack.written()] == [wish, f"{wish}: my books are gone"]
    async with slack.gateway.ctx.db.read() as session:
        first = await session.scalar(select(Message.chosen).order_by(Message.id).limit(1))
        assert await session.scalar(select(InboundEvent.status).limit(1)) == "pending"
    assert first is not None and first["payload"] == "/ask_person"


async def test_status_shows_ones_own_issues_alone(slack: Slack) -> None:
    assert await commands(slack, "status") == WORDS.no_issue
    await slack.writes("printing crashes", 1)
    reference = await logs_an_issue(slack.gateway.ctx, await slack.conversation(), "printing <!channel> crashes")
    for text in ("status", f"status {reference}", reference):
        assert (await commands(slack, text)).startswith(f"{reference}: printing <!channel> crashes (")
    for user, team in (("U2LEE", "T0HOST"), ("U1KIM", "T6ELSE")):
        assert await commands(slack, f"status {reference}", user, team) == WORDS.not_your_issue


async def test_help_and_an_unknown_place(slack: Slack) -> None:
    assert await commands(slack, "help") == await commands(slack, "") == await commands(slack, "ask") == WORDS.commands
    slack.fake.no_direct_messages = True
    assert await commands(slack, "ask where is the menu?") == WORDS.no_way_to_write
    assert await slack.threads() == []


async def rates(slack: Slack, question: Json, **changes: Any) -> str:
    said = len(slack.fake.ephemeral)
    (found,) = [one for one in buttons(question) if one["action_id"] == "rate:4"]
    payload = {**captured("button_choice"), **changes}
    payload["container"] |= {"channel_id": question["channel"], "message_ts": question["ts"]}
    payload["actions"] = [{**found, "block_id": "b", "action_ts": "1750171900.000100"}]
    await slack.post("interactions", urlencode({"payload": json.dumps(payload)}).encode(), **PLAIN)

    async def thanked() -> bool:
        return len(slack.fake.ephemeral) > said

    await eventually(thanked)
    return str(slack.fake.ephemeral[-1]["text"])


async def test_a_resolved_issue_is_rated_once_asked_and_by_its_customer_alone(slack: Slack) -> None:
    ctx = slack.gateway.ctx
    await slack.event("app_mention")
    conversation = await slack.conversation()
    reference = await logs_an_issue(ctx, conversation, "printing crashes")
    await slack.we_say(conversation, "It waits for a technician")
    async with ctx.db.write() as session:
        issue = (await session.scalars(select(Issue).where(Issue.reference == reference))).one()
        issue_status.change_status(session, issue, IssueStatus.RESOLVED, actor="customer", now=ctx.clock())
    await slack.we_say(conversation, "It is resolved")
    await slack.we_say(conversation, "You're welcome")
    await sent(slack)
    asked = [bool([one for one in buttons(post) if one["action_id"].startswith("rate")]) for post in slack.fake.posted]
    assert asked == [False, True, False]
    question = slack.fake.posted[1]
    assert await rates(slack, question, user={"id": "U2LEE", "team_id": "T0HOST"}) == WORDS.not_your_question
    assert await rates(slack, question) == WORDS.rated.format(score=4)
    async with ctx.db.read() as session:
        assert list(await session.scalars(select(Rating.score))) == [4]
