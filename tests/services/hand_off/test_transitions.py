"""Claim, give back, transfer, resolve: one owner at a time, whoever races."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.dialogue.context import GIVEN_BACK, UnpromptedEvent
from bot.dialogue.plan import CancelHandOff, RequestHandOff
from bot.services.conversation import lifecycle
from bot.services.core.context import Context
from bot.services.core.errors import Conflict, Invalid, NotFound
from bot.services.core.tokens import hash_token
from bot.services.hand_off import resolve_issues, transitions
from bot.services.intake import draft
from bot.services.issue import issue_status
from bot.services.queue import queue_order
from bot.store.tables import AuditEntry, DeskSession, HandOff, InboundEvent, Intake, Issue, Technician
from tests.support.service_fixtures import Clock, Customer
from tests.support.service_steps import only_hand_off, wait_in_the_queue


async def test_of_two_who_claim_at_once_one_wins_and_the_other_is_informed_who(
    ctx: Context, customer: Customer, anna: Technician, ben: Technician
) -> None:
    await wait_in_the_queue(ctx, customer)
    waiting = await only_hand_off(ctx)
    claims = [transitions.claim(ctx, waiting, who) for who in (anna, ben)]
    outcomes = await asyncio.gather(*claims, return_exceptions=True)
    (refused,) = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    (won,) = [outcome for outcome in outcomes if isinstance(outcome, HandOff)]
    assert refused.code == "taken"
    winner = anna if won.technician_id == anna.id else ben
    assert winner.name in str(refused)
    assert (await customer.state())["owner_name"] == winner.name


async def test_an_unknown_hand_off_is_not_found(ctx: Context, anna: Technician) -> None:
    with pytest.raises(NotFound):
        await transitions.claim(ctx, 4711, anna)


async def test_a_claim_ends_the_questions(ctx: Context, customer: Customer, anna: Technician) -> None:
    await wait_in_the_queue(ctx, customer)
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    async with ctx.db.read() as session:
        assert list(await session.scalars(select(Intake.state))) == ["done"]
        assert list(await session.scalars(select(Issue.status))) == ["in_progress"]


async def test_only_the_owner_may_give_back_resolve_or_transfer(
    ctx: Context, customer: Customer, anna: Technician, ben: Technician
) -> None:
    await wait_in_the_queue(ctx, customer)
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    for attempt in (
        transitions.give_back(ctx, customer.id, ben, "done"),
        resolve_issues.resolve(ctx, customer.id, ben),
        transitions.transfer(ctx, customer.id, ben, team="data"),
    ):
        with pytest.raises(Conflict) as raised:
            await attempt
        assert raised.value.code == "not_owner"
    assert (await customer.state())["owner_name"] == "Anna"


async def test_giving_back_lets_the_assistant_speak_with_the_note(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await wait_in_the_queue(ctx, customer)
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    await transitions.give_back(ctx, customer.id, anna, "Your licence has been reset.")
    _, prepared = await customer.begins_a_turn()
    assert prepared.text is None and prepared.payload is None
    assert prepared.context.event == UnpromptedEvent(GIVEN_BACK, "Anna", "Your licence has been reset.")
    async with ctx.db.read() as session:
        assert await session.scalar(select(InboundEvent.source).where(InboundEvent.message_id.is_(None))) == "desk"


async def test_a_transfer_waits_for_the_other_team(ctx: Context, customer: Customer, anna: Technician) -> None:
    await wait_in_the_queue(ctx, customer)
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    await transitions.transfer(ctx, customer.id, anna, team="data")
    async with ctx.db.read() as session:
        (waiting,) = await queue_order.waiting_hand_offs(session, ctx.support.queue_policy)
        assert (await session.get_one(HandOff, waiting.hand_off_id)).team == "data"
    assert (await customer.state())["owner"] == "queue"


async def test_a_transfer_to_nobody_known_changes_nothing(ctx: Context, customer: Customer, anna: Technician) -> None:
    await wait_in_the_queue(ctx, customer)
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    for target in ({"team": "no such team"}, {"to_technician_id": 99}, {}):
        with pytest.raises(Invalid):
            await transitions.transfer(ctx, customer.id, anna, **target)
    assert (await customer.state())["owner"] == "technician"


async def test_the_customer_may_leave_the_queue_and_the_issue_stays(ctx: Context, customer: Customer) -> None:
    await wait_in_the_queue(ctx, customer)
    await customer.writes("never mind")
    await customer.is_answered("All right.", CancelHandOff())
    state = await customer.state()
    assert state["owner"] == "assistant" and state["reference"] is not None
    async with ctx.db.read() as session:
        assert list(await session.scalars(select(HandOff.state))) == ["cancelled"]


async def test_places_in_the_queue_follow_the_order_of_arrival(ctx: Context, clock: Clock) -> None:
    first, second = await Customer.arrives(ctx), await Customer.arrives(ctx)
    await wait_in_the_queue(ctx, first)
    clock.advance(seconds=5)
    await wait_in_the_queue(ctx, second)
    assert [(await one.state())["queue_position"] for one in (first, second)] == [1, 2]


async def test_every_change_of_owner_leaves_an_audit_row_with_its_reason(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await wait_in_the_queue(ctx, customer)
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    await resolve_issues.resolve(ctx, customer.id, anna)
    async with ctx.db.read() as session:
        rows = await session.execute(
            select(AuditEntry.action, AuditEntry.actor, AuditEntry.details)
            .where(AuditEntry.action.startswith("owner."))
            .order_by(AuditEntry.id)
        )
        told = [(action, actor, details["epoch"]) for action, actor, details in rows]
    who = f"technician:{anna.id}"
    assert told == [("owner.hand_off", "assistant", 2), ("owner.claim", who, 3), ("owner.resolve", who, 4)]


async def test_out_of_hours_the_place_is_informed_with_the_next_opening(
    ctx: Context, customer: Customer, clock: Clock
) -> None:
    clock.advance(hours=10)
    await wait_in_the_queue(ctx, customer)
    told = [message["text"] for message in await customer.reads()]
    assert any("We open again tomorrow, Thursday, at 8:00 a.m. Eastern" in text for text in told)
    async with ctx.db.read() as session:
        assert list(await session.scalars(select(HandOff.asked_out_of_hours))) == [True]


async def test_a_person_asked_for_twice_is_one_hand_off(ctx: Context, customer: Customer) -> None:
    await wait_in_the_queue(ctx, customer)
    await customer.writes("a person please")
    await customer.is_answered("Coming.", RequestHandOff("customer asked"))
    async with ctx.db.read() as session:
        assert len(list(await session.scalars(select(HandOff.id)))) == 1
        assert (await draft.current_draft(session, ctx.support, customer.id)) is not None


async def sign_in(ctx: Context, technician: Technician, availability: str = "available") -> None:
    async with ctx.db.write() as session:
        row = await session.get_one(Technician, technician.id)
        row.availability = availability
        later = ctx.clock() + timedelta(hours=12)
        token = hash_token(technician.name)
        session.add(
            DeskSession(
                token_hash=token, csrf_hash=token, technician_id=row.id, created_at=ctx.clock(), expires_at=later
            )
        )


async def give_back_and_ask_again(ctx: Context, clock: Clock, customer: Customer, anna: Technician) -> HandOff:
    """The customer comes first, is given back, two others come, and the first says "still the same error"."""
    await wait_in_the_queue(ctx, customer)
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    clock.advance(minutes=5)
    for _ in range(2):
        await wait_in_the_queue(ctx, await Customer.arrives(ctx))
    await transitions.give_back(ctx, customer.id, anna, "Reset.")
    clock.advance(minutes=5)
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id, lock=True)
        asked = await transitions.request_hand_off(session, ctx, conversation, reason="not solved", actor="assistant")
    assert asked is not None
    return asked


@pytest.mark.parametrize(("availability", "same"), [("available", True), ("lunch", False), ("away", False)])
async def test_given_back_and_not_solved_keeps_the_place_and_the_technician_who_is_there(
    ctx: Context, clock: Clock, customer: Customer, anna: Technician, availability: str, same: bool
) -> None:
    await sign_in(ctx, anna, availability)
    asked = await give_back_and_ask_again(ctx, clock, customer, anna)
    assert (await customer.state())["queue_position"] == 1
    assert asked.for_technician_id == (anna.id if same else None)


async def test_a_technician_who_is_not_signed_in_is_not_waited_for(
    ctx: Context, clock: Clock, customer: Customer, anna: Technician
) -> None:
    asked = await give_back_and_ask_again(ctx, clock, customer, anna)
    assert (await customer.state())["queue_position"] == 1
    assert asked.for_technician_id is None


async def test_what_was_resolved_in_between_is_a_new_request(
    ctx: Context, clock: Clock, customer: Customer, anna: Technician
) -> None:
    await sign_in(ctx, anna)
    await wait_in_the_queue(ctx, customer)
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    await transitions.give_back(ctx, customer.id, anna, "Reset.")
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id, lock=True)
        await issue_status.resolve_for_customer(session, ctx, conversation)
        await issue_status.reopen_issue(session, ctx, conversation)
        asked = await transitions.request_hand_off(session, ctx, conversation, reason="not solved", actor="assistant")
    assert asked is not None
    assert (asked.line_since, asked.for_technician_id) == (None, None)
