"""The open questions as one form in Slack: who may open it, what it says of wrong answers, and what it stores."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.dialogue.draft import CONTACT
from bot.services.intake import draft
from bot.store.locks import lock_conversation
from bot.store.tables import Message
from tests.channels.slack.conftest import Slack, captured
from tests.channels.slack.test_delivery import buttons, sent
from tests.support.gateway_fixture import SUPPORT, eventually

Json = dict[str, Any]
WORDS = SUPPORT.chat
GOOD = {"product_version": "12.2.1", "printer": "HP LaserJet 4", "what_changed": ""}
PLAIN = {"Content-Type": "application/x-www-form-urlencoded"}
EVE = {"id": "U6EVE", "team_id": "T6ELSE"}


@pytest.fixture(autouse=True)
def no_turns(gateway: Any) -> None:
    gateway.ctx.work = lambda _: None


async def asked(slack: Slack, event: str = "message_im", contact: str | None = "kim@brightsons.example") -> Json:
    """The conversation's draft is about printing; its next question has been put. Return that message."""
    ctx = slack.gateway.ctx
    await slack.event(event)
    conversation_id = await slack.conversation()
    async with ctx.db.write() as session:
        conversation = await lock_conversation(session, conversation_id)
        assert conversation is not None
        asked = await draft.begin_draft(session, ctx, conversation)
        await draft.add_to_problem(session, asked, "printing an invoice stops", ctx.clock(), None)
        if contact:
            await draft.save_answer(session, asked, CONTACT, contact, ctx.clock())
        asked.intake.asking = "product_version" if contact else CONTACT
    await slack.we_say(conversation_id, "Here is a question", asks=True)
    question = await slack.hears("Here is a question")
    await sent(slack)
    return question


async def opens(slack: Slack, question: Json, **changes: Any) -> None:
    (found,) = [one for one in buttons(question) if one["text"]["text"] == WORDS.answer_in_form]
    payload = {**captured("button_choice"), **changes}
    payload["container"] |= {"channel_id": question["channel"], "message_ts": question["ts"]}
    payload["actions"] = [{**found, "block_id": "b", "action_ts": "1750171900.000100"}]
    answer = await slack.post("interactions", urlencode({"payload": json.dumps(payload)}).encode(), **PLAIN)
    assert answer.status_code == 200


async def form(slack: Slack, question: Json) -> Json:
    await opens(slack, question)

    async def shown() -> bool:
        return bool(slack.fake.views)

    await eventually(shown)
    view: Json = slack.fake.views[-1]["view"]
    return view


async def sends(slack: Slack, view: Json, values: dict[str, str], **changes: Any) -> Json:
    payload = {**captured("private_form_sent"), **changes}
    state = {name: {name: {"type": "plain_text_input", "value": value}} for name, value in values.items()}
    payload["view"] |= {**view, "id": "V0FORM", "state": {"values": state}}
    answer = await slack.post("interactions", urlencode({"payload": json.dumps(payload)}).encode(), **PLAIN)
    assert answer.status_code == 200
    found: Json = answer.json() if answer.content else {}
    return found


async def last(slack: Slack) -> tuple[Message, int]:
    """The newest message of the customer, and how many there are."""
    async with slack.gateway.ctx.db.read() as session:
        rows = await session.execute(
            Message.__table__.select().where(Message.author == "customer").order_by(Message.id)
        )
        found = [Message(**row._mapping) for row in rows]
    return found[-1], len(found)


async def test_the_open_questions_are_the_fields_of_the_form(slack: Slack) -> None:
    view = await form(slack, await asked(slack))
    fields = {block["block_id"]: block["label"]["text"] for block in view["blocks"]}
    assert list(fields)[:3] == ["product_version", "error_text", "printer"] and CONTACT not in fields
    assert fields["printer"] == SUPPORT.questions["printer"].ask
    choices = next(block["element"] for block in view["blocks"] if block["block_id"] == "what_changed")
    assert [one["text"]["text"] for one in choices.get("options", [])] == list(
        SUPPORT.questions["what_changed"].choices
    )


async def test_a_form_is_one_message_and_one_turn_however_often_it_is_sent(slack: Slack) -> None:
    view = await form(slack, await asked(slack))
    for _ in range(2):
        assert await sends(slack, view, GOOD) == {}
    message, count = await last(slack)
    assert message.text == "Version: 12.2.1\nPrinter: HP LaserJet 4" and count == 2 and not message.private
    assert message.chosen is not None and "12.2.1" not in message.chosen["payload"]


async def test_what_could_be_no_answer_is_refused_at_its_field_and_nothing_is_stored(slack: Slack) -> None:
    view = await form(slack, await asked(slack, contact=None))
    assert view["blocks"][0]["block_id"] == CONTACT
    errors = (await sends(slack, view, {**GOOD, CONTACT: "by the usual way", "product_version": "blue"}))["errors"]
    assert errors == {CONTACT: WORDS.field_no_contact, "product_version": WORDS.field_no_answer}
    assert "errors" in await sends(slack, view, dict.fromkeys(GOOD, ""))
    assert (await last(slack))[1] == 1


async def test_in_a_shared_thread_a_form_is_for_support_alone(slack: Slack) -> None:
    view = await form(slack, await asked(slack, "app_mention"))
    await sends(slack, view, GOOD)
    message, _ = await last(slack)
    assert message.private


async def test_only_the_customer_who_is_asked_may_open_and_send_it(slack: Slack) -> None:
    question = await asked(slack, "app_mention")
    view = await form(slack, question)
    await opens(slack, question, user=EVE)

    async def refused() -> bool:
        return bool(slack.fake.ephemeral)

    await eventually(refused)
    assert slack.fake.ephemeral[-1]["text"] == WORDS.not_your_question
    errors = (await sends(slack, view, GOOD, user=EVE, team={"id": "T6ELSE"}))["errors"]
    assert list(errors.values()) == [WORDS.not_your_question] and (await last(slack))[1] == 1


async def test_a_form_of_an_earlier_draft_answers_nothing(slack: Slack) -> None:
    view = await form(slack, await asked(slack))
    kept = {**json.loads(view["private_metadata"]), "intake": 999}
    errors = (await sends(slack, {**view, "private_metadata": json.dumps(kept)}, GOOD))["errors"]
    assert list(errors.values()) == [WORDS.nothing_asked] and (await last(slack))[1] == 1
