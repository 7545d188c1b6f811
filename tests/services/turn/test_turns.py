"""One worker at a time, in order; what a turn brings is kept whole or not at all."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.services.core.context import Context
from bot.services.hand_off import transitions
from bot.services.turn import turns
from bot.services.turn.turns import Lease, LeaseLost, Outcome
from bot.store.tables import Conversation, Technician, Turn
from tests.support.service_fixtures import Clock, Customer
from tests.support.service_steps import log_an_issue, only_hand_off, wait_in_the_queue

REPLY = {"text": "Hello.", "choices": [], "cards": []}


async def test_events_are_worked_on_in_the_order_they_came(ctx: Context, customer: Customer) -> None:
    for text in ("one", "two", "three"):
        await customer.writes(text)
    for text in ("one", "two", "three"):
        lease, prepared = await customer.begins_a_turn()
        assert prepared.text == text
        await turns.complete(ctx, lease, prepared, Outcome([REPLY], []))
        await release(ctx, lease)


async def release(ctx: Context, lease: Lease) -> None:
    async with ctx.db.write() as session:
        (await session.get_one(Conversation, lease.conversation_id)).lease_until = None


async def test_a_second_worker_gets_nothing_while_the_lease_lasts(ctx: Context, customer: Customer) -> None:
    await customer.writes("one")
    assert await turns.take(ctx, customer.id) is not None
    assert await turns.take(ctx, customer.id) is None
    assert await turns.due(ctx) == []


async def test_a_worker_that_slept_past_its_lease_cannot_write(ctx: Context, customer: Customer, clock: Clock) -> None:
    await customer.writes("one")
    lease, prepared = await customer.begins_a_turn()
    clock.advance(seconds=31)
    assert await turns.due(ctx) == [customer.id]
    second, again = await customer.begins_a_turn()
    await turns.complete(ctx, second, again, Outcome([REPLY], []))
    with pytest.raises(LeaseLost):
        await turns.complete(ctx, lease, prepared, Outcome([REPLY], []))
    assert [message["text"] for message in await customer.reads()] == ["one", "Hello."]


async def test_an_event_whose_worker_died_is_due_again(ctx: Context, customer: Customer, clock: Clock) -> None:
    await customer.writes("one")
    await customer.begins_a_turn()
    clock.advance(seconds=31)
    _, prepared = await customer.begins_a_turn()
    assert (prepared.text, prepared.attempts) == ("one", 2)


async def test_replies_of_a_passed_epoch_are_dropped_and_recorded_so(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await wait_in_the_queue(ctx, customer)
    await customer.writes("and another thing")
    lease, prepared = await customer.begins_a_turn()
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    await turns.complete(ctx, lease, prepared, Outcome([{"text": "Stale.", "choices": [], "cards": []}], []))
    assert "Stale." not in [message["text"] for message in await customer.reads()]
    async with ctx.db.read() as session:
        assert list(await session.scalars(select(Turn.result)))[-1] == "dropped"


async def test_an_issue_that_a_dropped_turn_opened_is_announced_all_the_same(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await wait_in_the_queue(ctx, customer)
    await customer.writes("another problem")
    lease, prepared = await customer.begins_a_turn()
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    reference = await log_an_issue(ctx, customer)
    await turns.complete(ctx, lease, prepared, Outcome([{**REPLY, "text": reference}], []))
    said = [message for message in await customer.reads() if reference in message["text"]]
    assert [message["author"] for message in said] == ["system"]


async def test_a_reference_that_was_said_is_not_announced_again(ctx: Context, customer: Customer) -> None:
    await wait_in_the_queue(ctx, customer)
    reference = (await customer.state())["reference"]
    await customer.writes("thanks")
    await customer.is_answered("You're welcome.")
    assert sum(f"Logged: {reference}" in message["text"] for message in await customer.reads()) == 1
    assert not any("is logged" in message["text"] for message in await customer.reads())


async def test_the_place_in_the_queue_is_said_right_after_the_reference(ctx: Context, customer: Customer) -> None:
    await customer.writes("it crashes")
    reference = await log_an_issue(ctx, customer)
    await customer.is_answered(
        f"Logged: {reference}", "Which version is it?", effects=({"type": "hand_off", "reason": "issue logged"},)
    )
    texts = [message["text"] for message in await customer.reads()]
    assert reference in texts[1] and "number 1" in texts[2] and "paid ahead" in texts[3]
    assert texts[4] == "Which version is it?"
    assert (await customer.state())["owner"] == "queue"


async def test_what_is_written_under_a_technician_goes_to_nobody_else(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await wait_in_the_queue(ctx, customer)
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    await customer.writes("are you there?")
    lease = await turns.take(ctx, customer.id)
    assert lease is not None
    assert await turns.prepare(ctx, lease) is None
    assert await turns.due(ctx) == []


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
    assert (prepared.text, prepared.resume and prepared.resume["note"]) == (None, "The spooler was restarted.")
    following = await turns.complete(ctx, lease, prepared, Outcome([REPLY], [], model_id="m"))
    assert following is not None and (following.text, following.resume) == ("works", None)


async def test_what_was_written_to_a_technician_does_not_reopen_what_they_resolve(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await wait_in_the_queue(ctx, customer)
    await customer.writes("still waiting")
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    await customer.writes("great, thanks")
    await transitions.resolve(ctx, customer.id, anna)
    assert await turns.due(ctx) == []
    assert (await customer.state())["owner"] == "closed"


async def test_a_reference_that_no_turn_could_inform_is_informed_when_a_technician_has_it(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await wait_in_the_queue(ctx, customer)
    await customer.writes("another problem")
    await customer.begins_a_turn()
    reference = await log_an_issue(ctx, customer)  # and here the gateway was killed
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    await transitions.give_back(ctx, customer.id, anna, "")
    said = [message for message in await customer.reads() if reference in message["text"]]
    assert [message["author"] for message in said] == ["system"]


async def test_writing_when_closed_gives_the_conversation_to_the_assistant_in_a_new_episode(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await wait_in_the_queue(ctx, customer)
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    await transitions.resolve(ctx, customer.id, anna)
    assert (await customer.state())["owner"] == "closed"
    await customer.writes("hello again")
    _, prepared = await customer.begins_a_turn()
    assert prepared.resume == {"kind": "reopened"}
    assert prepared.sender == f"{customer.id}.2"
    assert (await customer.state())["owner"] == "assistant"


async def test_a_long_conversation_begins_a_new_episode_after_sixty_turns(ctx: Context, customer: Customer) -> None:
    for number in range(61):
        await customer.writes(f"message {number}")
        lease, prepared = await customer.begins_a_turn()
        await turns.complete(ctx, lease, prepared, Outcome([REPLY], []))
        await release(ctx, lease)
    assert prepared.sender.endswith(".2")
    assert prepared.resume == {"kind": "rollover"}


async def test_text_written_before_the_question_was_seen_is_marked_so(ctx: Context, customer: Customer) -> None:
    await customer.writes("it crashes")
    await customer.writes("when I print")
    await customer.is_answered_once("How can we reach you?")
    _, burst = await customer.begins_a_turn()
    assert burst.unseen_question


async def test_a_client_that_names_what_it_saw_is_believed(ctx: Context, customer: Customer) -> None:
    await customer.writes("it crashes")
    await customer.is_answered("How can we reach you?")
    await customer.writes("when I print", seen_seq=1)
    _, prepared = await customer.begins_a_turn()
    assert prepared.unseen_question


async def test_an_answer_after_the_question_is_an_answer(ctx: Context, customer: Customer) -> None:
    await customer.writes("it crashes")
    await customer.is_answered("How can we reach you?")
    await customer.writes("a@b.example")
    _, prepared = await customer.begins_a_turn()
    assert not prepared.unseen_question


async def test_a_lease_lasts_longer_than_a_turn_may_take() -> None:
    assert timedelta(seconds=10 + 8) < turns.LEASE
