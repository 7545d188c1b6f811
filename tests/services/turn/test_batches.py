"""The messages that wait when a turn begins are one turn; none is lost, and only the one that breaks it is blamed."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.dialogue.evidence import Evidence
from bot.dialogue.plan import AddToProblem, BeginDraft, Command, SetSlot
from bot.dialogue.reading import Reading
from bot.services.channel import answer_change
from bot.services.conversation import lifecycle
from bot.services.conversation.masking import mask_message
from bot.services.core.context import Context
from bot.services.hand_off import transitions
from bot.services.turn import turns
from bot.services.turn.batch import MOST_MESSAGES
from bot.services.turn.turns import Prepared
from bot.store.tables import InboundEvent, IntakeAnswer, Message, Technician, Turn
from tests.support.service_fixtures import Clock, Customer
from tests.support.service_steps import only_hand_off, wait_in_the_queue
from tests.support.turn_contexts import decided
from tests.support.turn_outcomes import outcome_of

BURST = ("hello", "we have this problem", "the invoices will not print")


async def burst(customer: Customer, *texts: str) -> Prepared:
    for text in texts or BURST:
        await customer.writes(text)
    return (await customer.begins_a_turn())[1]


async def rows(ctx: Context, table: Any) -> list[Any]:
    async with ctx.db.read() as session:
        return list(await session.scalars(select(table).order_by(table.id)))


async def change_message(ctx: Context, customer: Customer, seq: int, **fields: Any) -> None:
    async with ctx.db.write() as session:
        query = select(Message).where(Message.conversation_id == customer.id, Message.seq == seq)
        message = (await session.scalars(query)).one()
        for name, value in fields.items():
            setattr(message, name, value)


async def test_messages_that_wait_are_one_turn_with_one_reply(ctx: Context, customer: Customer) -> None:
    for text in BURST:
        await customer.writes(text)
    lease, prepared = await customer.begins_a_turn()
    assert prepared.text == "\n".join(BURST)
    assert [(one.text, one.private, one.author) for one in prepared.context.messages] == [
        (text, False, None) for text in BURST
    ]
    assert await turns.complete(ctx, lease, prepared, outcome_of(ctx, "How can we reach you?")) is None
    assert [message["text"] for message in await customer.reads()] == [*BURST, "How can we reach you?"]
    events = await rows(ctx, InboundEvent)
    assert [(event.status, event.lead_event_id) for event in events] == [("done", None), *[("done", events[0].id)] * 2]
    assert [turn.inbound_event_id for turn in await rows(ctx, Turn)] == [events[0].id]


async def test_a_pressed_choice_is_a_turn_of_its_own(ctx: Context, customer: Customer) -> None:
    await customer.writes("hello")
    await customer.is_answered("What is it?", choices=({"title": "A person", "payload": "/ask_person"},))
    choice = (await customer.reads())[-1]["choices"][0]["id"]
    await customer.writes("well")
    await customer.chooses(choice)
    await customer.writes("please")
    for text, payload in (("well", None), (None, "/ask_person"), ("please", None)):
        lease, prepared = await customer.begins_a_turn()
        assert (prepared.text, prepared.payload) == (text, payload)
        await turns.complete(ctx, lease, prepared, outcome_of(ctx))
        async with ctx.db.write() as session:
            (await lifecycle.load(session, customer.id, lock=True)).lease_until = None


@pytest.mark.parametrize("fields", [{"private": True}, {"seen_seq": 0}], ids=["privacy", "what was seen"])
async def test_a_batch_ends_where_the_messages_differ(ctx: Context, customer: Customer, fields: dict[str, Any]) -> None:
    await customer.writes("hello")
    await customer.is_answered("Hello.")
    for text in ("one", "two", "three"):
        await customer.writes(text)
    await change_message(ctx, customer, 5, **fields)
    lease, prepared = await customer.begins_a_turn()
    assert prepared.text == "one\ntwo"
    following = await turns.complete(ctx, lease, prepared, outcome_of(ctx))
    assert following is not None and following.text == "three"


async def test_a_batch_has_a_limit_and_fits_what_the_engine_reads(ctx: Context, customer: Customer) -> None:
    prepared = await burst(customer, *(str(number) for number in range(MOST_MESSAGES + 1)))
    assert len(prepared.context.messages) == MOST_MESSAGES
    other = await Customer.arrives(ctx)
    assert (await burst(other, "a" * 1500, "b" * 600)).text == "a" * 1500


async def test_all_words_of_a_batch_are_kept(ctx: Context, customer: Customer) -> None:
    for text in ("it says", "x" * 300, "then nothing"):
        await customer.writes(text)
    lease, prepared = await customer.begins_a_turn()
    first, *others = (one.id for one in prepared.context.messages)
    whole = SetSlot("error_message", None, message_id=first, more_messages=tuple(others))
    commands: list[Command] = [BeginDraft(), whole]
    await turns.complete(ctx, lease, prepared, outcome_of(ctx, "Noted.", commands=commands))
    (answer,) = [one for one in await rows(ctx, IntakeAnswer) if one.question_id == "error_message"]
    assert answer.value == f"it says\n{'x' * 300}\nthen nothing"


async def test_a_failed_batch_is_tried_one_message_at_a_time(ctx: Context, customer: Customer, clock: Clock) -> None:
    for text in BURST:
        await customer.writes(text)
    lease, prepared = await customer.begins_a_turn()
    await turns.try_later(ctx, lease, prepared)
    clock.advance(seconds=31)
    lease, following = await customer.begins_a_turn()
    for text in BURST:
        assert following is not None and following.text == text
        following = await turns.complete(ctx, lease, following, outcome_of(ctx, f"About {text}."))  # type: ignore[assignment]
    assert following is None
    assert [event.attempts for event in await rows(ctx, InboundEvent)] == [2, 2, 2]


async def test_a_message_masked_meanwhile_is_read_again_with_its_batch(ctx: Context, customer: Customer) -> None:
    for text in BURST:
        await customer.writes(text)
    lease, prepared = await customer.begins_a_turn()
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id, lock=True)
        message = await session.get_one(Message, prepared.context.messages[2].id)
        await mask_message(session, ctx, conversation, message, "the [removed] will not print")
    await customer.writes("please hurry")
    again = await turns.complete(ctx, lease, prepared, outcome_of(ctx, "Stale."))
    assert again is not None and again.attempts == 1
    assert again.text == "hello\nwe have this problem\nthe [removed] will not print\nplease hurry"
    assert {event.status for event in await rows(ctx, InboundEvent)} == {"pending"}


async def test_all_messages_of_a_batch_are_settled_when_a_technician_claims_meanwhile(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await wait_in_the_queue(ctx, customer)
    for text in ("and another thing", "it is 8.2"):
        await customer.writes(text)
    lease, prepared = await customer.begins_a_turn()
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    facts: list[Command] = [AddToProblem(one.id) for one in prepared.context.messages]
    await turns.complete(ctx, lease, prepared, outcome_of(ctx, "Stale.", commands=facts))
    assert {event.status for event in await rows(ctx, InboundEvent)} == {"done"}
    (problem,) = [one.value for one in await rows(ctx, IntakeAnswer) if one.question_id == "problem"]
    assert problem == "it crashes\nand another thing\nit is 8.2"


async def test_a_choice_about_a_batch_is_about_all_its_messages(ctx: Context, customer: Customer) -> None:
    for text in ("the invoices come out", "upside down since tuesday"):
        await customer.writes(text)
    lease, prepared = await customer.begins_a_turn()
    about = prepared.context.messages[0].id
    choices = ({"title": "Report", "payload": f'/report_issue{{"about": {about}}}'},)
    await turns.complete(ctx, lease, prepared, outcome_of(ctx, "Which is it?", choices=choices))
    await customer.chooses((await customer.reads())[-1]["choices"][0]["id"])
    lease, prepared = await customer.begins_a_turn()
    assert prepared.context.about is not None
    assert prepared.context.about.text == "the invoices come out\nupside down since tuesday"
    await turns.complete(ctx, lease, prepared, decided_as(ctx, prepared, "report_issue"))
    (problem,) = [one.value for one in await rows(ctx, IntakeAnswer) if one.question_id == "problem"]
    assert problem == "the invoices come out\nupside down since tuesday"


def decided_as(ctx: Context, prepared: Prepared, intent: str) -> turns.Outcome:
    plan = decided(prepared.context, intent)
    return turns.Outcome(plan, Reading(intent, 0.95, (intent,)), Evidence(), ctx.support.digest)


async def test_an_edit_of_any_message_of_a_batch_is_answered(ctx: Context, customer: Customer) -> None:
    for text in ("yes", "that works"):
        await customer.writes(text)
    lease, prepared = await customer.begins_a_turn()
    outcome = outcome_of(ctx, "Good.", reading=Reading("affirm", 0.9, ("affirm",)))
    await turns.complete(ctx, lease, prepared, outcome)
    async with ctx.db.read() as session:
        second = await session.get_one(Message, prepared.context.messages[1].id)
        assert await answer_change._was_acted_on(session, second)


async def test_what_is_written_while_the_turn_is_decided_joins_it(ctx: Context, customer: Customer) -> None:
    await customer.writes("hello")
    lease, prepared = await customer.begins_a_turn()
    await customer.writes("the invoices will not print")
    grown = await turns.complete(ctx, lease, prepared, outcome_of(ctx, "Hello."))
    assert grown is not None and (grown.text, grown.attempts) == ("hello\nthe invoices will not print", 1)
    assert await turns.complete(ctx, lease, grown, outcome_of(ctx, "How can we reach you?")) is None
    texts = [message["text"] for message in await customer.reads()]
    assert texts == ["hello", "the invoices will not print", "How can we reach you?"]


async def test_a_customer_who_never_stops_writing_is_answered(ctx: Context, customer: Customer) -> None:
    await customer.writes("0")
    lease, prepared = await customer.begins_a_turn()
    for number in range(1, MOST_MESSAGES + 3):
        await customer.writes(str(number))
        following = await turns.complete(ctx, lease, prepared, outcome_of(ctx, "Hello."))
        assert following is not None
        prepared = following
    texts = [message["text"] for message in await customer.reads()]
    assert texts.index("Hello.") == MOST_MESSAGES + 1
    assert prepared.text == str(MOST_MESSAGES + 2)
