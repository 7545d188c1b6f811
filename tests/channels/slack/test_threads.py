"""In a thread of Slack only the customer answers, and what is meant for others is left to them."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.services.core.context import Context
from bot.services.turn.author import colleague_of
from bot.store.tables import Conversation, InboundEvent, Message
from tests.channels.slack.conftest import Slack, captured
from tests.channels.slack.test_delivery import SOLVED, buttons, opened, reacts, sent
from tests.support.gateway_fixture import SUPPORT, eventually

ROOT = "1750170610.000100"


@pytest.fixture(autouse=True)
def no_turns(gateway: Any) -> None:
    gateway.ctx.work = lambda _: None


async def replies(slack: Slack, text: str, number: int, user: str = "U1KIM") -> None:
    ts = f"1750175{number:03d}.000100"
    thread = captured("app_mention")["event"]["ts"]
    await slack.event("message_in_channel_thread", text=text, ts=ts, event_ts=ts, thread_ts=thread, user=user)


async def events(ctx: Context) -> list[str]:
    async with ctx.db.read() as session:
        return list(await session.scalars(select(InboundEvent.status).order_by(InboundEvent.id)))


async def test_what_begins_with_the_mention_of_another_is_kept_and_not_answered(slack: Slack) -> None:
    await opened(slack, "app_mention")
    await replies(slack, "<@U2LEE> did you reboot the print server?", 1)
    await replies(slack, "12.2.1, says <@U2LEE>", 2)
    assert await events(slack.gateway.ctx) == ["pending", "done", "pending"]
    assert [text for _, text in await slack.written()][1:] == [
        "@Lee did you reboot the print server?",
        "12.2.1, says @Lee",
    ]


async def test_where_only_mentions_are_read_other_words_are_not_stored(slack: Slack) -> None:
    await opened(slack, "app_mention")
    support = slack.gateway.ctx.support
    rules = support.chat_channels.model_copy(update={"threads": "mentions"})
    slack.gateway.ctx.support = support.model_copy(update={"chat_channels": rules})
    await replies(slack, "lunch at 12?", 1)
    await replies(slack, "<@U0BOT> it is 12.2.1", 2)
    assert [text for _, text in await slack.written()][1:] == ["it is 12.2.1"]


async def test_the_writer_is_a_colleague_unless_it_is_the_customer(slack: Slack) -> None:
    await opened(slack, "app_mention")
    await replies(slack, "it is 12.2.1 here", 1, user="U2LEE")
    async with slack.gateway.ctx.db.read() as session:
        conversation = (await session.scalars(select(Conversation))).one()
        first, second = await session.scalars(select(Message).order_by(Message.id))
        assert await colleague_of(session, conversation, first) == ""
        assert await colleague_of(session, conversation, second) == second.author_name != ""


async def test_a_press_of_a_colleague_is_not_stored_and_says_why(slack: Slack) -> None:
    conversation = await opened(slack, "app_mention")
    await slack.we_say(conversation, "Did that solve it?", choices=SOLVED)
    question = await slack.hears("Did that solve it?")
    choice = buttons(question)[0]["value"].partition(":")[2]
    await slack.interaction("button_choice", conversation, CHOICE=choice, U1KIM="U2LEE")

    async def shown() -> bool:
        return bool(slack.fake.ephemeral)

    await eventually(shown)
    assert slack.fake.ephemeral[-1]["text"] == SUPPORT.chat.not_your_question
    assert len(await slack.written()) == 1


async def test_a_reaction_closes_no_issue(slack: Slack) -> None:
    ctx = slack.gateway.ctx
    conversation = await opened(slack)
    async with ctx.db.write() as session:
        (await session.get_one(Conversation, conversation)).pending_question = "close_it"
    await slack.we_say(conversation, "Did that solve it?", choices=SOLVED)
    question = await slack.hears("Did that solve it?")
    await sent(slack)
    await reacts(slack, question, "+1")
    assert len(await slack.written()) == 1
