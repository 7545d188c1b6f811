"""The buttons of a question that was answered are replaced in Teams, where a card keeps them until it is updated."""

import json
from typing import Any

import pytest

from bot.channels.teams import render, render_cards
from tests.channels.teams.conftest import Teams
from tests.channels.teams.test_delivery import chat_of, only_conversation, say, say_at_once
from tests.support.fake_microsoft import Failure, FakeMicrosoft, Sent
from tests.support.gateway_fixture import Gateway, eventually

SOLVED = [{"title": "Yes, solved", "payload": "/solved"}, {"title": "No", "payload": "/not_solved"}]
PAGE = {"title": "Printing", "url": "/manual/printing", "excerpt": "Choose File."}


@pytest.fixture(autouse=True)
def no_turns(gateway: Gateway) -> None:
    """Only what a test says itself is sent."""
    gateway.ctx.work = lambda _: None


async def asked(teams: Teams, gateway: Gateway) -> Sent:
    await say_at_once(
        gateway, {"text": "These pages:", "cards": [PAGE]}, {"text": "Did that solve it?", "choices": SOLVED}
    )
    return await teams.hears(chat_of(teams), "Did that solve it?")


async def updated(microsoft: FakeMicrosoft, question: Sent) -> dict[str, Any]:
    async def once() -> bool:
        return bool(microsoft.updated)

    await eventually(once)
    (update,) = microsoft.updated
    assert (update.conversation, update.id, update.text) == (question.conversation, question.id, question.text)
    assert update.buttons == []
    return dict(update.activity["attachments"][0]["content"])


async def presses(teams: Teams, question: Sent, title: str, activity_id: str = "press1") -> None:
    submit = next(button for button in question.buttons if button["title"] == title)["data"]
    value = submit["msteams"]["value"]
    await teams.says("message_back", id=activity_id, value=value, text=title, replyToId=question.id)


async def test_a_press_shows_who_chose_what_and_keeps_the_pages(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("personal_message")
    question = await asked(teams, gateway)
    microsoft.update_failures.append(Failure(503))
    await presses(teams, question, "Yes, solved")
    await presses(teams, question, "Yes, solved", "press2")
    card = await updated(microsoft, question)
    assert card["body"][-1]["inlines"][0]["text"] == "✓ Kim Brightson: Yes, solved"
    assert "Choose File." in json.dumps(card["body"]) and "- No" not in card["fallbackText"]


async def test_a_written_answer_takes_the_buttons_away_once_it_is_answered(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("personal_message")
    question = await asked(teams, gateway)
    await teams.says("personal_message", id="later", text="it still crashes", attachments=[])
    await say(gateway, "Then I log it.")
    card = await updated(microsoft, question)
    assert "✓" not in json.dumps(card, ensure_ascii=False)


async def test_a_press_on_an_old_card_is_answered_honestly(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("personal_message")
    question = await asked(teams, gateway)
    await teams.says("personal_message", id="later", text="it still crashes", attachments=[])
    await say(gateway, "Then I log it.")
    await presses(teams, question, "Yes, solved")
    await teams.hears(chat_of(teams), "belongs to an earlier question")
    assert await only_conversation(gateway)


def test_a_card_of_nothing_but_buttons_leaves_a_sign() -> None:
    card = render_cards.card(choices=[{"id": "1", "title": "Yes"}])
    assert render.Part(card=card).answered(None).activity()["text"] == render.DONE
    shown = render.Part(card=card).answered("✓ Yes").activity()
    assert shown["attachments"][0]["content"]["fallbackText"] == "✓ Yes"
    assert render.Part("Well?", card=card).answered(None).activity()["text"] == "Well?"
