"""One worker at a time, in order; what a turn brings is kept whole or not at all."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from bot.dialogue.context import GIVEN_BACK, UnpromptedEvent
from bot.dialogue.draft import CONTACT
from bot.dialogue.plan import (
    ISSUE_REFERENCE,
    AddToProblem,
    BeginDraft,
    CancelHandOff,
    Command,
    Expect,
    OpenIssue,
    RequestHandOff,
    Say,
    SetOutcome,
    SetSlot,
)
from bot.dialogue.reading import Reading
from bot.services.conversation import lifecycle
from bot.services.conversation.masking import mask_message
from bot.services.core.context import Context
from bot.services.hand_off import resolve_issues, transitions
from bot.services.turn import conversation_lease, turns
from bot.services.turn.conversation_lease import LeaseLost
from bot.services.turn.poison_message import escalate
from bot.services.turn.turns import Prepared
from bot.settings.support.support import Support
from bot.store.tables import Conversation, Intake, IntakeAnswer, Issue, Message, Technician, Turn
from bot.triage.reading.details import Details, find_details
from tests.support.service_fixtures import Clock, Customer
from tests.support.service_steps import log_an_issue, only_hand_off, wait_in_the_queue
from tests.support.turn_contexts import found_nothing_near
from tests.support.turn_outcomes import outcome_of


async def test_a_second_worker_gets_nothing_while_the_lease_lasts(ctx: Context, customer: Customer) -> None:
    await customer.writes("one")
    assert await conversation_lease.take(ctx, customer.id) is not None
    assert await conversation_lease.take(ctx, customer.id) is None
    assert await conversation_lease.due(ctx) == []


async def test_the_next_turn_knows_what_the_one_before_has_changed(ctx: Context, customer: Customer) -> None:
    await customer.writes("it crashes when I print")
    lease, prepared = await customer.begins_a_turn()
    await customer.writes("kim@brightsons.example")
    prepared = replace(prepared, attempts=2)  # so that it does not wait for what is written meanwhile
    problem: list[Command] = [BeginDraft(), AddToProblem(int(prepared.message_id)), Expect("did_it_help")]
    following = await turns.complete(ctx, lease, prepared, outcome_of(ctx, "And your address?", commands=problem))
    assert following is not None and following.context.draft is not None
    assert following.context.draft.answers["problem"].value == "it crashes when I print"
    assert (following.context.pending, following.context.unseen_question) == ("did_it_help", True)


async def test_a_worker_that_slept_past_its_lease_cannot_write(ctx: Context, customer: Customer, clock: Clock) -> None:
    await customer.writes("one")
    lease, prepared = await customer.begins_a_turn()
    clock.advance(seconds=31)
    assert await conversation_lease.due(ctx) == [customer.id]
    second, again = await customer.begins_a_turn()
    await turns.complete(ctx, second, again, outcome_of(ctx, "Hello."))
    with pytest.raises(LeaseLost):
        await turns.complete(ctx, lease, prepared, outcome_of(ctx, "Hello."))
    assert [message["text"] for message in await customer.reads()] == ["one", "Hello."]


async def test_an_event_whose_worker_died_is_due_again(ctx: Context, customer: Customer, clock: Clock) -> None:
    await customer.writes("one")
    await customer.begins_a_turn()
    clock.advance(seconds=31)
    _, prepared = await customer.begins_a_turn()
    assert (prepared.text, prepared.attempts) == ("one", 2)


async def test_nothing_is_said_over_a_technician_who_claimed_meanwhile(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await wait_in_the_queue(ctx, customer)
    await customer.writes("and another thing")
    lease, prepared = await customer.begins_a_turn()
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    facts: list[Command] = [
        SetSlot("product_version", "8.2", message_id=int(prepared.message_id)),
        SetOutcome("cancelled"),
    ]
    await turns.complete(ctx, lease, prepared, outcome_of(ctx, "Stale.", CancelHandOff(), commands=facts))
    assert "Stale." not in [message["text"] for message in await customer.reads()]
    assert (await customer.state())["owner"] == "technician"
    assert await values(ctx, IntakeAnswer.value, IntakeAnswer.question_id == "product_version") == ["8.2"]
    assert await values(ctx, Conversation.outcome) == [None]
    assert (await values(ctx, Turn.result))[-1] == "facts only"


async def test_an_issue_that_is_opened_under_a_technician_is_announced_all_the_same(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await wait_in_the_queue(ctx, customer)
    await customer.writes("another problem")
    lease, prepared = await customer.begins_a_turn()
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    said = Say("utter_reference", {"reference": ISSUE_REFERENCE})
    await turns.complete(ctx, lease, prepared, outcome_of(ctx, said, commands=reports(prepared)))
    reference = (await values(ctx, Issue.reference))[-1]
    told = [message for message in await customer.reads() if reference in message["text"]]
    assert [message["author"] for message in told] == ["system"]
    assert (await values(ctx, Intake.state))[-1] == "done"  # the technician asks


async def test_two_issues_that_are_opened_under_a_technician_are_both_announced(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await wait_in_the_queue(ctx, customer)
    await customer.writes("another problem and also a third one")
    lease, prepared = await customer.begins_a_turn()
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    *drafted, opens = reports(prepared)
    commands = [*drafted, opens, *drafted, OpenIssue(name="further")]
    await turns.complete(ctx, lease, prepared, outcome_of(ctx, "Stale.", commands=commands))
    texts = "\n".join(message["text"] for message in await customer.reads())
    issued = (await values(ctx, Issue.reference))[-2:]
    assert len(set(issued)) == 2 and all(reference in texts for reference in issued)


async def test_a_reference_is_said_in_the_transaction_that_issues_it(ctx: Context, customer: Customer) -> None:
    await customer.writes("it crashes, my address is a@b.example")
    lease, prepared = await customer.begins_a_turn()
    said = Say("utter_reference", {"reference": ISSUE_REFERENCE})
    unknown = Say("utter_no_such_response")
    with pytest.raises(KeyError):
        await turns.complete(ctx, lease, prepared, outcome_of(ctx, said, unknown, commands=reports(prepared)))
    assert await values(ctx, Issue.reference) == []
    assert [message["author"] for message in await customer.reads()] == ["customer"]
    await turns.complete(ctx, lease, prepared, outcome_of(ctx, said, commands=reports(prepared)))
    (reference,) = await values(ctx, Issue.reference)
    assert sum(reference in message["text"] for message in await customer.reads()) == 1


async def test_a_turn_is_decided_again_when_the_draft_moved_meanwhile(ctx: Context, customer: Customer) -> None:
    await customer.writes("it crashes")
    lease, prepared = await customer.begins_a_turn()
    await log_an_issue(ctx, customer)  # as a technician on the telephone would
    hours = outcome_of(ctx, "Stale.", reading=Reading("ask_hours", 0.9, ("ask_hours",)))
    await turns.complete(ctx, lease, prepared, replace(hours, evidence=found_nothing_near("it crashes")))
    said = [message["text"] for message in await customer.reads() if message["author"] == "assistant"]
    assert "Stale." not in said and any("Monday" in text for text in said)
    assert await values(ctx, Turn.result) == ["again"]
    assert await values(ctx, Turn.rule) == ["opening hours"]


async def test_a_message_that_was_masked_meanwhile_is_read_again(ctx: Context, customer: Customer) -> None:
    await customer.writes("my card is 4111 and it crashes")
    lease, prepared = await customer.begins_a_turn()
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id, lock=True)
        message = await session.get_one(Message, int(prepared.message_id))
        await mask_message(session, ctx, conversation, message, "my card is [removed] and it crashes")
    again = await turns.complete(ctx, lease, prepared, outcome_of(ctx, "Stale."))
    assert again is not None and again.text == "my card is [removed] and it crashes"
    assert [message["author"] for message in await customer.reads()] == ["customer"]


async def test_words_masked_meanwhile_in_an_earlier_message_do_not_come_back(ctx: Context, customer: Customer) -> None:
    earlier = await customer.writes("is 4711 my password?")
    await customer.is_answered("Hello.")
    await customer.writes("when are you open?")
    lease, prepared = await customer.begins_a_turn()
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id, lock=True)
        message = (await session.scalars(select(Message).where(Message.seq == earlier["seq"]))).one()
        await mask_message(session, ctx, conversation, message, "is [removed] my password?")
    copies: list[Command] = [BeginDraft(), AddToProblem(None, earlier["text"])]
    hours = outcome_of(ctx, "Stale.", commands=copies, reading=Reading("ask_hours", 0.9, ("ask_hours",)))
    await turns.complete(ctx, lease, prepared, replace(hours, evidence=found_nothing_near("when are you open?")))
    assert await values(ctx, IntakeAnswer.value) == []
    assert (await values(ctx, Turn.result))[-1] == "again"


async def test_a_turn_is_decided_again_when_the_settings_changed_meanwhile(ctx: Context, customer: Customer) -> None:
    await customer.writes("when are you open?")
    lease, prepared = await customer.begins_a_turn()
    evidence = found_nothing_near("when are you open?")
    hours = outcome_of(ctx, "Stale.", reading=Reading("ask_hours", 0.9, ("ask_hours",)))
    await turns.complete(ctx, lease, prepared, replace(hours, evidence=evidence, support="older"))
    assert "Stale." not in [message["text"] for message in await customer.reads()]
    assert await values(ctx, Turn.result) == ["again"]


def reports(prepared: Prepared) -> list[Command]:
    """What a report of a problem with an address is decided to."""
    message_id = int(prepared.message_id)
    return [BeginDraft(), AddToProblem(message_id), SetSlot(CONTACT, "a@b.example"), OpenIssue()]


async def values(ctx: Context, column: InstrumentedAttribute[Any], *where: ColumnElement[bool]) -> list[Any]:
    async with ctx.db.read() as session:
        return list(await session.scalars(select(column).where(*where).order_by(column.class_.id)))


async def test_the_place_in_the_queue_is_said_where_the_plan_hands_off(ctx: Context, customer: Customer) -> None:
    await customer.writes("it crashes")
    reference = await log_an_issue(ctx, customer)
    await customer.is_answered(f"Logged: {reference}", RequestHandOff("issue logged"), "Which version is it?")
    _, reply = [message["text"] for message in await customer.reads()]
    said, place, terms, asked = reply.split("\n\n")
    assert reference in said and "number 1" in place and "paid ahead" in terms
    assert asked == "Which version is it?"
    assert (await customer.state())["owner"] == "queue"


async def test_what_is_written_under_a_technician_goes_to_nobody_else(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await wait_in_the_queue(ctx, customer)
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    await customer.writes("are you there?")
    assert await turns.begin(ctx, customer.id) is None
    assert await conversation_lease.due(ctx) == []


async def test_what_was_written_to_a_technician_is_not_answered_by_the_assistant_after_them(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await wait_in_the_queue(ctx, customer)
    await customer.writes("still waiting")  # not begun when Anna claims, and still not when she gives it back
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    await customer.writes("great, thanks")
    await transitions.give_back(ctx, customer.id, anna, "The spooler was restarted.")
    await customer.writes("works")
    lease, prepared = await customer.begins_a_turn()
    assert prepared.context.event == UnpromptedEvent(GIVEN_BACK, "Anna", "The spooler was restarted.")
    following = await turns.complete(ctx, lease, prepared, outcome_of(ctx, "Hello."))
    assert following is not None and (following.text, following.context.event) == ("works", None)


async def test_what_was_written_to_a_technician_does_not_reopen_what_they_resolve(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await wait_in_the_queue(ctx, customer)
    await customer.writes("still waiting")
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    await customer.writes("great, thanks")
    await resolve_issues.resolve(ctx, customer.id, anna)
    assert await conversation_lease.due(ctx) == []
    assert (await customer.state())["owner"] == "closed"


async def test_writing_when_closed_gives_the_conversation_to_the_assistant(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await wait_in_the_queue(ctx, customer)
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    await resolve_issues.resolve(ctx, customer.id, anna)
    assert (await customer.state())["owner"] == "closed"
    await customer.writes("hello again")
    _, prepared = await customer.begins_a_turn()
    assert prepared.context.pending == "fixed_by_technician"
    assert (await customer.state())["owner"] == "assistant"


async def test_words_that_break_their_readers_reach_a_person_and_undo_no_other_turn(
    ctx: Context, customer: Customer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(self: Support, text: str) -> Details:
        if "unreadable" in text:
            raise RecursionError
        return find_details(text, self.product, self.things)

    monkeypatch.setattr(Support, "details_of", breaks)
    await customer.writes("hello")
    await customer.writes("unreadable")
    await customer.writes("are you open?")
    lease, prepared = await customer.begins_a_turn()
    assert await turns.complete(ctx, lease, prepared, outcome_of(ctx, "Hello.")) is None
    assert [message["text"] for message in await customer.reads()][-1] == "Hello."
    for _ in range(turns.TRIES - 2):  # together with the others, and alone after "hello"
        clock.advance(seconds=31)
        assert await turns.begin(ctx, customer.id) is None
    clock.advance(seconds=31)
    lease, prepared = await customer.begins_a_turn()
    assert prepared.attempts > turns.TRIES
    following = await turns.complete(ctx, lease, prepared, escalate(prepared.context, ctx.support))
    assert following is not None and following.text == "are you open?"
    assert await values(ctx, IntakeAnswer.value, IntakeAnswer.question_id == "problem") == ["unreadable"]
    (reference,) = await values(ctx, Issue.reference)
    assert (await customer.state())["reference"] == reference


async def test_text_written_before_the_question_was_seen_is_marked_so(ctx: Context, customer: Customer) -> None:
    await customer.writes("it crashes")
    lease, prepared = await customer.begins_a_turn()
    await customer.writes("when I print")
    prepared = replace(prepared, attempts=2)  # so that it does not wait for what is written meanwhile
    burst = await turns.complete(ctx, lease, prepared, outcome_of(ctx, "How can we reach you?"))
    assert burst is not None and burst.context.unseen_question


async def test_a_client_that_names_what_it_saw_is_believed(ctx: Context, customer: Customer) -> None:
    await customer.writes("it crashes")
    await customer.is_answered("How can we reach you?")
    await customer.writes("when I print", seen_seq=1)
    _, prepared = await customer.begins_a_turn()
    assert prepared.context.unseen_question


async def test_an_answer_after_the_question_is_an_answer(ctx: Context, customer: Customer) -> None:
    await customer.writes("it crashes")
    await customer.is_answered("How can we reach you?")
    await customer.writes("a@b.example")
    _, prepared = await customer.begins_a_turn()
    assert not prepared.context.unseen_question


async def test_a_lease_lasts_longer_than_a_turn_may_take() -> None:
    assert timedelta(seconds=10 + 8) < conversation_lease.LEASE
