"""Customers of Teams log a message from its menu, answer all questions in a form, and rate."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from bot.channels.teams.render import Part
from bot.dialogue.draft import CONTACT
from bot.services.conversation import lifecycle, transcript
from bot.services.intake import draft
from bot.services.issue import issue_status
from bot.services.issue.open_issue import open_issue
from bot.store.locks import lock_conversation
from bot.store.tables import ChannelThread, Conversation, InboundEvent, Message, Rating
from bot.triage.issue.issue_status import IssueStatus
from tests.channels.teams.conftest import Teams
from tests.support.fake_microsoft import Sent
from tests.support.gateway_fixture import SUPPORT

Json = dict[str, Any]
WORDS = SUPPORT.chat
LEE = {"id": "4a1e3d2c-bbbb-4d4e-9f80-223344556677", "displayName": "Lee Okoro", "userIdentityType": "aadUser"}
KIM = "29:1kIm0Vq3yTzKxR7uP2sWfHn5aBcDeFgHiJkLmNoPqRsTuVwXyZ"
STRANGER = "7e0f2c1b-cccc-4c3d-8e7f-112233445599"


@pytest.fixture(autouse=True)
def no_turns(gateway: Any) -> None:
    gateway.ctx.work = lambda _: None


def chosen(teams: Teams, **payload: Any) -> Json:
    """Kim chooses Lee's message in a channel."""
    activity = teams.activity("channel_reply_of_a_colleague", type="invoke")
    activity["from"] = teams.activity("personal_message")["from"]
    told = {
        "id": "1764100000103",
        "from": {"user": LEE, "application": None},
        "body": {"contentType": "html", "content": "<p>Exports are <b>empty</b> since Monday</p>"},
        **payload,
    }
    value = {"commandId": "create_issue", "commandContext": "message", "messagePayload": told}
    return {**activity, "name": "composeExtension/fetchTask", "id": "f:1", "text": None, "value": value}


async def answered(teams: Teams, activity: Json) -> Json:
    answer = await teams.post(activity)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def said(answer: Json) -> str:
    return str(answer["task"]["value"])


async def held(teams: Teams) -> list[tuple[str, str]]:
    async with teams.gateway.ctx.db.read() as session:
        return [(one.author_name, one.text) for one in await session.scalars(select(Message).order_by(Message.id))]


async def place(teams: Teams) -> ChannelThread:
    async with teams.gateway.ctx.db.read() as session:
        return (await session.scalars(select(ChannelThread))).one()


LOGGED = [("Lee Okoro", "Exports are **empty** since Monday"), ("Kim Brightson", WORDS.create_issue)]


async def test_a_message_is_logged_in_its_thread_once(teams: Teams) -> None:
    teams.microsoft.roster[KIM] = {"id": KIM}
    assert said(await answered(teams, chosen(teams))) == WORDS.answered_here
    assert said(await answered(teams, chosen(teams))) == WORDS.issue_exists
    assert await held(teams) == LOGGED
    thread = await place(teams)
    assert thread.shared and thread.thread == chosen(teams)["conversation"]["id"]
    async with teams.gateway.ctx.db.read() as session:
        events = list(await session.scalars(select(InboundEvent.status).order_by(InboundEvent.id)))
    assert events == ["done", "pending"]


async def test_where_the_bot_is_not_the_personal_chat_holds_it(teams: Teams) -> None:
    assert said(await answered(teams, chosen(teams))) == WORDS.answered_directly
    assert await held(teams) == LOGGED
    thread = await place(teams)
    assert not thread.shared and thread.thread == thread.reference["conversation"] == f"a:personal-{KIM}"


async def test_nothing_is_stored_for_somebody_who_cannot_be_written_to(teams: Teams) -> None:
    teams.microsoft.unreachable.add(KIM)
    assert said(await answered(teams, chosen(teams))) == WORDS.no_way_to_write
    empty = chosen(teams, body={"contentType": "html", "content": "<p></p>"})
    assert said(await answered(teams, empty)) == WORDS.no_words
    ours = chosen(teams, **{"from": {"application": {"id": empty["recipient"]["id"].removeprefix("28:")}}})
    assert said(await answered(teams, ours)) == WORDS.own_message
    assert await held(teams) == []


async def test_an_unknown_tenant_and_a_forged_token_choose_nothing(teams: Teams) -> None:
    foreign = json.loads(json.dumps(chosen(teams)).replace("9c2d7b1e-2222", "11111111-2222"))
    assert (await teams.post(foreign)).status_code == 403
    assert (await teams.post(chosen(teams), teams.microsoft.forged("none"))).status_code == 401
    assert await held(teams) == []


async def asked(teams: Teams, contact: str | None = "kim@brightsons.example") -> Sent:
    """The conversation's draft is about printing, and its next question has been put."""
    ctx = teams.gateway.ctx
    await teams.says("personal_message")
    async with ctx.db.write() as session:
        found = (await session.scalars(select(Conversation.id))).one()
        conversation = await lock_conversation(session, found)
        assert conversation is not None
        begun = await draft.begin_draft(session, ctx, conversation)
        await draft.add_to_problem(session, begun, "printing an invoice stops", ctx.clock(), None)
        if contact:
            await draft.save_answer(session, begun, CONTACT, contact, ctx.clock())
        begun.intake.asking = "product_version" if contact else CONTACT
        await transcript.say(session, conversation, ctx.clock(), "A question", author="assistant", author_name="Quill")
    ctx.wake(found)
    return await teams.hears((await place(teams)).reference["conversation"], "A question")


def invoke(teams: Teams, name: str, data: Json, user: str | None = None) -> Json:
    activity = {**teams.activity("invoke", value={"data": data, "context": {"theme": "default"}}), "name": name}
    if user:
        activity["from"]["aadObjectId"] = user
    return activity


def fields(answer: Json) -> dict[str, Json]:
    body = answer["task"]["value"]["card"]["content"]["body"]
    return {one["id"]: one for one in body if one["type"].startswith("Input.")}


def kept(answer: Json) -> Json:
    data: Json = answer["task"]["value"]["card"]["content"]["body"][-1]["actions"][0]["data"]
    return data


async def test_the_form_is_checked_at_its_fields_and_is_one_message(teams: Teams) -> None:
    question = await asked(teams, contact=None)
    (button,) = [one for one in question.buttons if one["title"] == WORDS.answer_in_form]
    form = await answered(teams, invoke(teams, "task/fetch", button["data"]))
    assert list(fields(form))[:2] == [CONTACT, "product_version"]
    wrong = {**kept(form), CONTACT: "at the office", "product_version": "12.2.1"}
    again = await answered(teams, invoke(teams, "task/submit", wrong))
    assert WORDS.field_no_contact in json.dumps(again) and fields(again)["product_version"]["value"] == "12.2.1"
    right = {**kept(again), CONTACT: "kim@brightsons.example", "product_version": "12.2.1"}
    for _ in range(2):
        assert said(await answered(teams, invoke(teams, "task/submit", right))) == WORDS.form_taken
    written = [text for author, text in await held(teams) if author == "Kim Brightson"]
    assert written[1:] == ["How to reach you: kim@brightsons.example\nVersion: 12.2.1"]


async def test_nobody_else_opens_or_sends_the_form(teams: Teams) -> None:
    question = await asked(teams)
    (button,) = [one for one in question.buttons if one["title"] == WORDS.answer_in_form]
    form = await answered(teams, invoke(teams, "task/fetch", button["data"]))
    assert said(await answered(teams, invoke(teams, "task/fetch", button["data"], STRANGER))) == WORDS.not_your_question
    sent = {**kept(form), "product_version": "12.2.1"}
    assert said(await answered(teams, invoke(teams, "task/submit", sent, STRANGER))) == WORDS.not_your_question
    assert "Version: 12.2.1" not in [text for _, text in await held(teams)]


async def test_a_resolved_issue_is_rated_by_its_customer_alone(teams: Teams) -> None:
    ctx = teams.gateway.ctx
    await asked(teams)
    async with ctx.db.write() as session:
        found = (await session.scalars(select(Conversation.id))).one()
        conversation = await lifecycle.load(session, found, lock=True)
        begun = await draft.current_draft(session, ctx.support, found)
        assert begun is not None
        issue = await open_issue(session, ctx, conversation, begun, actor="assistant")
        issue_status.change_status(session, issue, IssueStatus.RESOLVED, actor="customer", now=ctx.clock())
        await transcript.say(session, conversation, ctx.clock(), "It is resolved", author="system", author_name="Q")
    ctx.wake(found)
    solved = await teams.hears((await place(teams)).reference["conversation"], "It is resolved")
    button = next(one for one in solved.buttons if one["title"] == "★★★★")
    press = teams.activity("invoke", value={"action": {"type": "Action.Execute", "data": button["data"]}})
    stranger = json.loads(json.dumps(press))
    stranger["from"]["aadObjectId"] = STRANGER
    assert (await answered(teams, stranger))["value"] == WORDS.not_your_question
    assert (await answered(teams, press))["value"] == WORDS.rated.format(score=4)
    async with ctx.db.read() as session:
        assert list(await session.scalars(select(Rating.score))) == [4]


async def test_who_installs_the_app_is_greeted_and_no_member(teams: Teams) -> None:
    await teams.says("installed")
    await teams.says("member_added")
    await teams.says("uninstalled")
    assert [(one.conversation, one.text) for one in teams.microsoft.sent] == [
        (teams.activity("installed")["conversation"]["id"], Part(SUPPORT.greeting).activity()["text"])
    ]
    assert await held(teams) == []
