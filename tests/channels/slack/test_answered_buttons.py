"""The buttons of a question that was answered, by whatever way, are replaced in Slack."""

from typing import Any

import pytest

from tests.channels.slack.conftest import Slack
from tests.channels.slack.test_delivery import SOLVED, buttons, opened, reacts, sent
from tests.support.fake_slack import Refusal
from tests.support.gateway_fixture import eventually

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def no_turns(gateway: Any) -> None:
    """Only what a test says itself is sent."""
    gateway.ctx.work = lambda _: None


async def asked(slack: Slack, conversation: str) -> Json:
    """Ask in a bundle, whose other sentences have to stay."""
    await slack.we_say_at_once(conversation, {"text": "Try this."}, {"text": "Did that solve it?", "choices": SOLVED})
    question = await slack.hears("Did that solve it?")
    await sent(slack)
    return question


async def updated(slack: Slack, question: Json) -> list[Json]:
    async def once() -> bool:
        return bool(slack.fake.updated)

    await eventually(once)
    (update,) = slack.fake.updated
    assert (update["channel"], update["ts"]) == (question["channel"], question["ts"])
    said = [block["text"]["text"] for block in update["blocks"] if block["type"] == "section"]
    assert said == ["Try this.", "Did that solve it?"] and not buttons(update)
    return [block for block in update["blocks"] if block["type"] == "context"]


async def test_a_press_shows_who_chose_what(slack: Slack) -> None:
    conversation = await opened(slack)
    question = await asked(slack, conversation)
    slack.fake.troubles["chat.update"] = [Refusal("internal_error")]
    choice = buttons(question)[0]["value"].partition(":")[2]
    for _ in range(2):
        await slack.interaction("button_choice", conversation, CHOICE=choice)
    (chosen,) = await updated(slack, question)
    assert chosen["elements"][0]["text"] == "✓ <@U1KIM>: Yes, solved"


async def test_a_reaction_shows_who_chose_what(slack: Slack) -> None:
    question = await asked(slack, await opened(slack))
    await reacts(slack, question, "-1")
    (chosen,) = await updated(slack, question)
    assert chosen["elements"][0]["text"] == "✓ <@U1KIM>: No, not solved"


async def test_a_written_answer_takes_the_buttons_away_once_it_is_answered(slack: Slack) -> None:
    conversation = await opened(slack)
    question = await asked(slack, conversation)
    await slack.writes("no, it still crashes", 7)
    await slack.we_say(conversation, "Then I log it.")
    assert await updated(slack, question) == []


async def test_a_press_on_an_old_question_is_answered_honestly(slack: Slack) -> None:
    conversation = await opened(slack)
    question = await asked(slack, conversation)
    await slack.writes("no, it still crashes", 7)
    await slack.we_say(conversation, "Then I log it.")
    choice = buttons(question)[0]["value"].partition(":")[2]
    await slack.interaction("button_choice", conversation, CHOICE=choice)
    await slack.hears("belongs to an earlier question")
