"""What arrives from outside: threads are conversations, people are told apart, an event is one message."""

import asyncio
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.services.channel import arrivals, channel_people, message_changes
from bot.services.channel.arrivals import Arrival, Arrived, Place
from bot.services.channel.channel_people import Person
from bot.services.conversation import lifecycle, transcript
from bot.services.core.context import Context
from bot.services.core.errors import Invalid
from bot.services.outbox import leases
from bot.store.tables import Contract, Conversation, Customer, InboundEvent, Message, OutboxItem

KIM, LEE = Person("T-customer", "U-kim", "Kim"), Person("T-customer", "U-lee", "Lee")


def place(thread: str = "C1:100", **fields: Any) -> Place:
    return Place("T-host", thread, {"channel": "C1"}, shared=True, **fields)


def says(source_id: str, text: str | None = "it crashes", person: Person = KIM, **fields: Any) -> Arrival:
    return Arrival("slack", source_id, fields.pop("place", place()), person, text, **fields)


async def arrive(ctx: Context, arrival: Arrival) -> Arrived:
    arrived = await arrivals.arrive(ctx, arrival)
    assert arrived is not None
    return arrived


async def read(ctx: Context, conversation_id: str) -> list[dict[str, Any]]:
    async with ctx.db.read() as session:
        return await transcript.messages_after(session, conversation_id, 0)


async def count(ctx: Context, table: Any) -> int:
    async with ctx.db.read() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_a_thread_is_a_conversation_and_two_people_in_it_are_distinguished(ctx: Context) -> None:
    first = await arrive(ctx, says("T:C1:100"))
    second = await arrive(ctx, says("T:C1:101", "for me too", LEE))
    other = await arrive(ctx, says("T:C1:200", place=place("C1:200")))
    assert first.conversation_id == second.conversation_id != other.conversation_id
    names = [message["author_name"] for message in await read(ctx, first.conversation_id)]
    assert names == ["Kim", "Lee"]


async def test_the_same_event_on_many_connections_is_one_message_and_one_event(ctx: Context) -> None:
    everything = await asyncio.gather(*(arrive(ctx, says("T:C1:100")) for _ in range(8)))
    assert len({arrived.message_id for arrived in everything}) == 1
    assert sum(not arrived.repeated for arrived in everything) == 1
    assert (await count(ctx, Message), await count(ctx, InboundEvent)) == (1, 1)


async def test_what_may_not_open_a_conversation_is_left_alone(ctx: Context) -> None:
    assert await arrivals.arrive(ctx, says("T:C1:100", opens=False)) is None
    assert await count(ctx, Conversation) == 0 == await count(ctx, Customer)


async def test_a_new_issue_takes_the_place_and_the_old_one_is_still_reached_by_its_messages(ctx: Context) -> None:
    old = await arrive(ctx, says("T:D1:1", place=place("D1")))
    new = await arrive(ctx, says("T:D1:2", place=place("D1"), fresh=True))
    assert new.conversation_id != old.conversation_id
    assert (await arrive(ctx, says("T:D1:3", place=place("D1")))).conversation_id == new.conversation_id
    reply = says("T:D1:4", place=place("D1", reply_to="T:D1:1"))
    assert (await arrive(ctx, reply)).conversation_id == old.conversation_id


async def test_the_writers_own_workspace_decides_the_contract(ctx: Context) -> None:
    terms = {"company": "Brightsons", "status": "active", "starts_on": date(2026, 1, 1)}
    async with ctx.db.write() as session:
        session.add(Contract(number="C-1", slack_team_id="T-customer", **terms))
        session.add(Contract(number="C-2", slack_team_id="T-host", **terms))
    arrived = await arrive(ctx, says("T:C1:100"))
    async with ctx.db.read() as session:
        conversation = await lifecycle.load(session, arrived.conversation_id)
        customer = await session.get_one(Customer, conversation.customer_id)
    assert (customer.contract_number, customer.contract_proof) == ("C-1", "slack_workspace")


async def test_a_contract_that_is_taken_from_the_workspace_proves_nothing_any_more(ctx: Context) -> None:
    terms = {"company": "Brightsons", "status": "active", "starts_on": date(2026, 1, 1)}
    async with ctx.db.write() as session:
        session.add(Contract(number="C-1", slack_team_id="T-customer", **terms))
    await arrive(ctx, says("T:C1:100"))
    async with ctx.db.write() as session:
        (await session.get_one(Contract, "C-1")).slack_team_id = None
    await arrive(ctx, says("T:C1:101"))
    async with ctx.db.read() as session:
        customer = await session.scalar(select(Customer))
    assert customer is not None and customer.contract_number is None


async def test_a_card_number_is_removed_on_arrival(ctx: Context) -> None:
    arrived = await arrive(ctx, says("T:C1:100", "my card is 4111 1111 1111 1111"))
    customers, ours = await read(ctx, arrived.conversation_id)
    assert "4111" not in customers["text"] and "card number" in ours["text"]
    assert await count(ctx, OutboxItem) == 1


async def test_a_message_longer_than_one_may_be_is_several_and_nothing_is_cut(ctx: Context) -> None:
    text = "a" * 12_000 + "b" * 12_000
    arrived = await arrive(ctx, says("T:C1:100", text))
    parts = await read(ctx, arrived.conversation_id)
    assert "".join(part["text"] for part in parts) == text
    assert await count(ctx, InboundEvent) == len(parts) == 3


async def test_a_choice_that_was_never_offered_there_is_refused(ctx: Context) -> None:
    await arrive(ctx, says("T:C1:100"))
    with pytest.raises(Invalid):
        await arrivals.arrive(ctx, says("T:C1:101", None, choice="0" * 16))


async def test_a_name_that_comes_later_is_put_on_what_was_written_before(ctx: Context) -> None:
    nobody = Person("T-customer", "U-new")
    arrived = await arrive(ctx, says("T:C1:100", person=nobody))
    assert await channel_people.needs_name(ctx, "slack", "T-customer", "U-new")
    await channel_people.keep_name(ctx, "slack", "T-customer", "U-new", "Noor")
    (message,) = await read(ctx, arrived.conversation_id)
    assert message["author_name"] == "Noor"
    assert not await channel_people.needs_name(ctx, "slack", "T-customer", "U-new")


async def test_edits_and_deletions_are_kept_beside_what_was_first_written(ctx: Context) -> None:
    arrived = await arrive(ctx, says("T:C1:100", "it crashes"))
    assert await message_changes.record_change(ctx, "slack", "T:C1:100", "e1", "it crashes, 4111 1111 1111 1111")
    assert await message_changes.record_change(ctx, "slack", "T:C1:100", "e1", "the same edit again")
    assert await message_changes.record_change(ctx, "slack", "T:C1:100", "d1", None)
    assert not await message_changes.record_change(ctx, "slack", "T:C1:999", "e2", "no message of ours")
    async with ctx.db.read() as session:
        changes = await message_changes.message_changes_view(session, arrived.conversation_id)
    assert [(change["seq"], change["kind"]) for change in changes] == [(1, "edited"), (1, "deleted")]
    assert "4111" not in (changes[0]["text"] or "4111") and changes[1]["text"] is None
    (message,) = await read(ctx, arrived.conversation_id)
    assert message["text"] == "it crashes"


async def test_the_web_enqueues_no_delivery(ctx: Context) -> None:
    opened = await lifecycle.open_conversation(ctx)
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, opened.conversation_id, lock=True)
        await transcript.say(session, conversation, ctx.clock(), "Hello", author_name="Quill")
    assert await count(ctx, OutboxItem) == 0
    assert await leases.due(ctx, {"message": ["slack"]}, 10) == []
