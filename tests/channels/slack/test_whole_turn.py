"""A conversation in Slack, turn by turn: each turn is answered with one post, and its buttons go with the answer."""

from sqlalchemy import select

from bot.store.tables import Issue, Message, OutboxItem
from tests.channels.slack.conftest import Json, Slack
from tests.support.gateway_fixture import eventually


async def all_is_sent(slack: Slack) -> None:
    async def nothing_waits() -> bool:
        async with slack.gateway.ctx.db.read() as session:
            said = await session.scalar(select(Message.id).where(Message.author != "customer").limit(1))
            return said is not None and not list(
                await session.scalars(select(OutboxItem.id).where(OutboxItem.state == "queued"))
            )

    await eventually(nothing_waits)


async def answer(slack: Slack, text: str, number: int, until: str) -> list[Json]:
    """Write something; return what was posted until these words have come and nothing more is to leave."""
    before = len(slack.fake.posted)
    await slack.writes(text, number)
    await slack.hears(until, 40)
    await all_is_sent(slack)
    return slack.fake.posted[before:]


async def test_the_reference_the_place_and_the_next_question_are_one_post(slack: Slack) -> None:
    ask_contact = slack.gateway.ctx.support.wording.fallback_ask_contact
    (first,) = await answer(slack, "Quillbook crashes when I print an invoice", 1, ask_contact)
    (second,) = await answer(slack, "kim@brightsons.example", 2, "TR-")
    async with slack.gateway.ctx.db.read() as session:
        issue = (await session.scalars(select(Issue))).one()
        said = list(await session.scalars(select(Message).where(Message.author != "customer").order_by(Message.id)))
    assert issue.reference in second["text"] and len(said) == 2
    shown = [" ".join(one["text"] for one in (first, second)).count(message.text[:40]) for message in said]
    assert shown == [1] * len(said)
    assert [block["type"] for block in second["blocks"]].count("actions") <= 1
