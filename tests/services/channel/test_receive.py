"""A customer's message is stored once, redacted at the door, and owes exactly one turn."""

import pytest
from sqlalchemy import func, select

from bot.services.channel import receive
from bot.services.channel.receive import Incoming, parse
from bot.services.core.context import Context
from bot.services.core.errors import Conflict, Invalid
from bot.store.tables import InboundEvent, Message
from tests.support.service_fixtures import Customer

CARD = "4111 1111 1111 1111"


async def count(ctx: Context, table: type) -> int:
    async with ctx.db.read() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_the_same_id_again_gives_the_first_row_and_starts_no_second_turn(
    ctx: Context, customer: Customer
) -> None:
    first = await receive.receive(ctx, customer.id, Incoming("a", text="it crashes"))
    again = await receive.receive(ctx, customer.id, Incoming("a", text="it crashes"))
    assert (first.repeated, again.repeated) == (False, True)
    assert first.message == again.message
    assert await count(ctx, InboundEvent) == 1


async def test_the_same_id_with_another_body_is_a_conflict_and_changes_nothing(
    ctx: Context, customer: Customer
) -> None:
    await receive.receive(ctx, customer.id, Incoming("a", text="one"))
    with pytest.raises(Conflict) as raised:
        await receive.receive(ctx, customer.id, Incoming("a", text="two"))
    assert raised.value.code == "client_message_id_reused"
    assert [message["text"] for message in await customer.reads()] == ["one"]


async def test_two_customers_may_use_the_same_client_message_id(ctx: Context, customer: Customer) -> None:
    other = await Customer.arrives(ctx)
    await receive.receive(ctx, customer.id, Incoming("a", text="one"))
    assert not (await receive.receive(ctx, other.id, Incoming("a", text="two"))).repeated


async def test_a_choice_that_was_never_offered_is_refused_by_name(ctx: Context, customer: Customer) -> None:
    with pytest.raises(Invalid) as raised:
        await customer.chooses("feedfacefeedface")
    assert raised.value.code == "unknown_choice"
    assert await count(ctx, Message) == 0


async def test_a_choice_is_stored_as_its_title_and_keeps_its_payload_to_itself(
    ctx: Context, customer: Customer
) -> None:
    await customer.writes("hello")
    await customer.is_answered("What next?", choices=({"title": "Talk to a person", "payload": "/ask_person"},))
    offered = (await customer.reads())[-1]["choices"]
    assert set(offered[0]) == {"id", "title"}
    assert (await customer.chooses(offered[0]["id"]))["text"] == "Talk to a person"
    _, prepared = await customer.begins_a_turn()
    assert (prepared.payload, prepared.text) == ("/ask_person", None)


async def test_anothers_choice_is_unknown_here(ctx: Context, customer: Customer) -> None:
    await customer.writes("hello")
    await customer.is_answered("What next?", choices=({"title": "Yes", "payload": "/affirm"},))
    other = await Customer.arrives(ctx)
    with pytest.raises(Invalid):
        await other.chooses((await customer.reads())[-1]["choices"][0]["id"])


async def test_an_outdated_choice_counts_as_its_title_typed(ctx: Context, customer: Customer) -> None:
    for _ in range(2):
        await customer.writes("hello")
        await customer.is_answered("What next?", choices=({"title": "Yes", "payload": "/affirm"},))
    first_offer = (await customer.reads())[1]["choices"][0]["id"]
    await customer.chooses(first_offer)
    _, prepared = await customer.begins_a_turn()
    assert (prepared.payload, prepared.text) == (None, "Yes")


async def test_a_choice_that_names_its_target_is_forwarded_however_old(ctx: Context, customer: Customer) -> None:
    payload = '/answer_question{"question": "since", "value": "Since today"}'
    await customer.writes("hello")
    await customer.is_answered("Since when?", choices=({"title": "Since today", "payload": payload},))
    offered = (await customer.reads())[-1]["choices"][0]["id"]
    await customer.writes("what does it cost?")
    await customer.is_answered("That much.", choices=({"title": "Fine", "payload": "/affirm"},))
    await customer.chooses(offered)
    _, prepared = await customer.begins_a_turn()
    assert prepared.payload == payload


async def test_a_card_number_is_never_stored_and_the_customer_is_informed(ctx: Context, customer: Customer) -> None:
    await customer.writes(f"my card is {CARD}, please take it")
    async with ctx.db.read() as session:
        stored = list(await session.execute(select(Message.__table__)))
    assert not [row for row in stored if "4111" in str(row)]
    assert (await customer.reads())[-1]["text"] == ctx.support.wording.card_number_removed


async def test_a_repeated_card_number_is_recognised_as_the_same_message(ctx: Context, customer: Customer) -> None:
    await receive.receive(ctx, customer.id, Incoming("a", text=CARD))
    assert (await receive.receive(ctx, customer.id, Incoming("a", text=CARD))).repeated


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "text",
        {},
        {"client_message_id": "a"},
        {"client_message_id": "", "text": "x"},
        {"client_message_id": "a" * 201, "text": "x"},
        {"client_message_id": 7, "text": "x"},
        {"client_message_id": "a", "text": ""},
        {"client_message_id": "a", "text": " \n\t "},
        {"client_message_id": "a", "text": None},
        {"client_message_id": "a", "text": ["x"]},
        {"client_message_id": "a", "text": "x" * 10_001},
        {"client_message_id": "a", "text": "x", "choice": "y"},
        {"client_message_id": "a", "choice": {"id": 1}},
        {"client_message_id": "a", "text": "x", "seen_seq": "3"},
        {"client_message_id": "a", "text": "x", "seen_seq": True},
        {"client_message_id": "a", "text": "x", "attachments": "y"},
        {"client_message_id": "a", "text": "\x00\x01\x02"},
    ],
)
def test_a_body_that_cannot_be_taken_is_refused(body: object) -> None:
    with pytest.raises(Invalid):
        parse(body)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("/restart", "/restart"),
        ('/intent{"a": "b"}', '/intent{"a": "b"}'),
        ("<b>bold</b>", "<b>bold</b>"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("half \ud83d emoji", "half \N{REPLACEMENT CHARACTER} emoji"),
        ("two\r\nlines", "two\nlines"),
        ("x" * 10_000, "x" * 10_000),
    ],
)
def test_odd_text_is_taken_as_text(written: str, stored: str) -> None:
    assert parse({"client_message_id": "a", "text": written}).text == stored
