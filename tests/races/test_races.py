"""Races between use cases: whoever is first, nobody meets an error that is not theirs, and nothing is half done."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.dialogue.plan import Command, LinkKnownProblem, OpenIssue
from bot.services.administration import staff_admin
from bot.services.billing import contracts, payments
from bot.services.billing.phone_payment import TakenByPhone
from bot.services.channel import arrivals
from bot.services.channel.arrivals import Arrival, Place
from bot.services.channel.channel_people import Person
from bot.services.core.context import Context
from bot.services.core.errors import Conflict, NotFound
from bot.services.desk import end_of_shift
from bot.services.hand_off import resolve_issues, transitions
from bot.services.issue import known_problems
from bot.services.privacy import erasure, retention
from bot.services.technician import accounts, invitations
from bot.services.turn import turns
from bot.store.tables import (
    Contract,
    Conversation,
    HandOff,
    InboundEvent,
    Invitation,
    Issue,
    Message,
    OutboxItem,
    Payment,
    Technician,
)
from bot.store.tables import Customer as CustomerRow
from tests.races.race import ROUNDS, at_once, raised, ran
from tests.support.interview import Interview
from tests.support.service_fixtures import Clock, Customer
from tests.support.service_steps import logged
from tests.support.turn_outcomes import outcome_of

pytestmark = [pytest.mark.postgresql, pytest.mark.timeout(300)]
PASSWORD = "correct horse battery staple"


async def waiting(ctx: Context) -> tuple[Customer, Issue, int]:
    """A customer whose issue waits in the queue, with the id of its hand-off."""
    customer = await Customer.arrives(ctx)
    await customer.writes("It crashes when I print")
    issue = await logged(ctx, customer)
    return customer, issue, await open_hand_off(ctx, customer.id)


async def open_hand_off(ctx: Context, conversation_id: str) -> int:
    async with ctx.db.read() as session:
        found = await session.scalar(
            select(HandOff.id).where(HandOff.conversation_id == conversation_id, HandOff.state == "waiting")
        )
    return found or 0


async def row(ctx: Context, table: Any, key: Any) -> Any:
    async with ctx.db.read() as session:
        return await session.get_one(table, key)


async def paid_by_phone(ctx: Context, technician: Technician, issue: Issue, authorisation: str) -> dict[str, Any]:
    return await payments.record_by_phone(ctx, technician, issue.reference, TakenByPhone(60, "VISA", authorisation))


async def test_a_claim_and_a_payment_by_phone(ctx: Context, anna: Technician, ben: Technician) -> None:
    for number in range(ROUNDS):
        customer, issue, hand_off = await waiting(ctx)
        outcomes = await at_once(
            transitions.claim(ctx, hand_off, anna), paid_by_phone(ctx, ben, issue, f"AUTH-{number:04}")
        )
        assert raised(outcomes) == []
        conversation, after = await row(ctx, Conversation, customer.id), await row(ctx, Issue, issue.id)
        assert (conversation.technician_id, after.technician_id, after.entitlement) == (anna.id, anna.id, "prepaid")
    ran("claim, payment by phone")


async def test_one_authorisation_recorded_twice(ctx: Context, anna: Technician, ben: Technician) -> None:
    for number in range(ROUNDS):
        _, issue, _ = await waiting(ctx)
        same = f"SAME-{number:04}"
        outcomes = await at_once(paid_by_phone(ctx, anna, issue, same), paid_by_phone(ctx, ben, issue, same))
        (refused,) = raised(outcomes, Conflict)
        assert isinstance(refused, Conflict) and refused.code == "recorded"
        async with ctx.db.read() as session:
            assert list(await session.scalars(select(Payment.state).where(Payment.authorisation == same))) == ["paid"]
    ran("one authorisation, two technicians")


async def test_one_authorisation_recorded_for_two_issues(ctx: Context, anna: Technician, ben: Technician) -> None:
    for number in range(ROUNDS):
        (_, first, _), (_, second, _) = await waiting(ctx), await waiting(ctx)
        same = f"SAME-{number:04}"
        outcomes = await at_once(paid_by_phone(ctx, anna, first, same), paid_by_phone(ctx, ben, second, same))
        assert len(raised(outcomes, Conflict)) == 1
    ran("one authorisation, two issues")


async def test_two_imports_that_add_one_contract(ctx: Context) -> None:
    """Each spells its number in its own way: the second changes the contract that the first has added."""
    for number in range(ROUNDS):
        outcomes = await at_once(
            *(
                contracts.save_contract(
                    ctx,
                    {"number": spelt, "company": spelt, "status": "active", "starts_on": "2026-01-01"},
                    actor="operator",
                )
                for spelt in (f"SC-{number:03}", f"sc {number:03}")
            )
        )
        assert raised(outcomes) == []
        async with ctx.db.read() as session:
            key = Contract.number_key == f"sc{number:03}"
            assert len(list(await session.scalars(select(Contract.number).where(key)))) == 1
    ran("two imports, one contract")


def in_slack(source_id: str, text: str) -> Arrival:
    return Arrival("slack", source_id, Place("T-host", "D1", {"channel": "D1"}, shared=False), KIM, text)


KIM = Person("T-customer", "U-kim", "Kim")


async def test_an_erasure_and_a_message_that_arrives(ctx: Context) -> None:
    before = after = 0
    for number in range(ROUNDS):
        first = await arrivals.arrive(ctx, in_slack(f"{number}:1", "first secret"))
        assert first is not None
        customer_id = (await row(ctx, Conversation, first.conversation_id)).customer_id
        outcomes = await at_once(
            erasure.erase_customer(ctx, customer_id, actor="test"),
            arrivals.arrive(ctx, in_slack(f"{number}:2", "second secret")),
        )
        assert raised(outcomes) == []
        async with ctx.db.read() as session:
            kept = select(Message.text, Conversation.erased_at, CustomerRow.erased_at).where(
                Message.conversation_id == Conversation.id,
                Conversation.customer_id == CustomerRow.id,
                Message.text != "",
                Conversation.erased_at.is_not(None) | CustomerRow.erased_at.is_not(None),
            )
            assert list(await session.execute(kept)) == []
        here = outcomes[1].conversation_id == first.conversation_id
        before, after = before + here, after + (not here)
        if not here:  # the person is new to us: erased before the next round, as everything of theirs
            theirs = (await row(ctx, Conversation, outcomes[1].conversation_id)).customer_id
            await erasure.erase_customer(ctx, theirs, actor="test")
    ran("erasure, arrival", erased_with_the_rest=before, in_a_new_conversation=after)


async def test_two_administrators_who_demote_each_other(ctx: Context) -> None:
    both = [
        await accounts.add_technician(ctx, email=f"{name}@vendor.example", name=name, password=PASSWORD, role="admin")
        for name in ("Ada", "Bea")
    ]
    for _ in range(ROUNDS):
        ada, bea = both
        demoted = {"role": "technician"}
        outcomes = await at_once(
            staff_admin.change_staff_member(ctx, ada, bea.id, demoted),
            staff_admin.change_staff_member(ctx, bea, ada.id, demoted),
        )
        (refused,) = raised(outcomes, Conflict)
        assert isinstance(refused, Conflict) and refused.code == "last_admin"
        for one in both:
            await staff_admin.change_staff_member(ctx, ada, one.id, {"role": "admin"})
    ran("two administrators")


async def test_handing_over_the_day_and_a_claim(ctx: Context, anna: Technician, ben: Technician) -> None:
    claimed = 0
    for _ in range(ROUNDS):
        customer, issue, hand_off = await waiting(ctx)
        await transitions.claim(ctx, hand_off, anna)
        item = {"reference": issue.reference, "team": "applications"}

        async def claim_as_soon_as_it_waits(customer: Customer = customer) -> None:
            while not (found := await open_hand_off(ctx, customer.id)):  # noqa: ASYNC110 - as a browser asks
                await asyncio.sleep(0.001)
            await transitions.claim(ctx, found, ben)

        outcomes = await at_once(end_of_shift.hand_over(ctx, anna, [item]), claim_as_soon_as_it_waits())
        assert raised(outcomes) == [] and outcomes[0][0]["done"]
        conversation, after = await row(ctx, Conversation, customer.id), await row(ctx, Issue, issue.id)
        assert (conversation.technician_id, after.technician_id) == (ben.id, ben.id)
        claimed += 1
    ran("hand over the day, claim", claimed=claimed)


async def test_an_invitation_used_twice(ctx: Context, anna: Technician) -> None:
    for number in range(ROUNDS):
        _, token = await invitations.invite_technician(
            ctx, anna, email=f"new{number}@vendor.example", name="New", role="technician", team=None
        )
        outcomes = await at_once(
            invitations.use_invitation(ctx, token, PASSWORD), invitations.use_invitation(ctx, token, PASSWORD)
        )
        assert len(raised(outcomes, NotFound)) == 1
    async with ctx.db.read() as session:
        joined = list(await session.scalars(select(Technician.email).where(Technician.name == "New")))
        assert sorted(joined) == sorted(f"new{number}@vendor.example" for number in range(ROUNDS))
        assert list(await session.scalars(select(Invitation))) == []
    ran("one invitation, two browsers")


async def test_an_invitation_and_another_account_of_the_same_address(ctx: Context, anna: Technician) -> None:
    lost = 0
    for number in range(ROUNDS):
        email = f"both{number}@vendor.example"
        _, token = await invitations.invite_technician(
            ctx, anna, email=email, name="Both", role="technician", team=None
        )
        outcomes = await at_once(
            invitations.use_invitation(ctx, token, PASSWORD),
            accounts.add_technician(ctx, email=email, name="Both", password=PASSWORD),
        )
        assert len(raised(outcomes, Conflict)) == 1
        async with ctx.db.read() as session:
            left = list(await session.scalars(select(Invitation).where(Invitation.email == email)))
        # A link that made no account was not used up.
        assert bool(left) == isinstance(outcomes[0], Conflict)
        lost += bool(left)
    ran("invitation, account of the same address", links_kept=lost)


async def test_two_claims(ctx: Context, anna: Technician, ben: Technician) -> None:
    for _ in range(ROUNDS):
        customer, issue, hand_off = await waiting(ctx)
        outcomes = await at_once(transitions.claim(ctx, hand_off, anna), transitions.claim(ctx, hand_off, ben))
        (refused,) = raised(outcomes, Conflict)
        winner = ben if isinstance(outcomes[0], Conflict) else anna
        assert isinstance(refused, Conflict) and refused.code == "taken" and winner.name in str(refused)
        conversation, after = await row(ctx, Conversation, customer.id), await row(ctx, Issue, issue.id)
        assert conversation.technician_id == after.technician_id == winner.id
    ran("two claims")


async def test_resolving_and_a_message_of_the_customer(ctx: Context, anna: Technician) -> None:
    answered = left = 0
    for _ in range(ROUNDS):
        customer, issue, hand_off = await waiting(ctx)
        await transitions.claim(ctx, hand_off, anna)
        outcomes = await at_once(resolve_issues.resolve(ctx, customer.id, anna), customer.writes("one more thing"))
        assert raised(outcomes) == []
        said = await customer.reads()
        assert [one["seq"] for one in said] == list(range(1, len(said) + 1))
        resolved = next(one["seq"] for one in said if "resolved" in one["text"].lower() or "solved" in one["text"])
        async with ctx.db.read() as session:
            pending = await session.scalar(
                select(InboundEvent.status)
                .join(Message, Message.id == InboundEvent.message_id)
                .where(Message.conversation_id == customer.id, Message.seq == outcomes[1]["seq"])
            )
        # Written before it was theirs to answer, and is not answered by anybody else; written after, it is a new turn.
        assert pending == ("done" if outcomes[1]["seq"] < resolved else "pending")
        assert (await row(ctx, Issue, issue.id)).status == "resolved"
        answered, left = answered + (pending == "pending"), left + (pending == "done")
    ran("resolve, message", before_it=left, after_it=answered)


@pytest.mark.parametrize("logged_first", [True, False], ids=["that is logged", "that is being logged"])
async def test_the_end_of_a_known_problem_and_an_issue_of_it(
    ctx: Context, anna: Technician, logged_first: bool
) -> None:
    """Its customer said "that's mine": whichever is first, they are told that it is over."""
    fields = {"title": "Invoices crash when printed", "text": "We are working on it.", "category": "printing"}
    for _ in range(ROUNDS):
        problem = await known_problems.publish_known_problem(ctx, anna, fields)
        interview = Interview(ctx, await Customer.arrives(ctx))
        await interview.starts(problem="it crashes whenever I print an invoice", contact="kim@brightsons.example")
        that_is_mine, log_it = LinkKnownProblem(problem.id), OpenIssue()
        before, raced = (log_it, that_is_mine) if logged_first else (that_is_mine, log_it)
        await a_turn(interview.customer, before)
        joining = a_turn(interview.customer, raced)
        ending = known_problems.post_update(ctx, anna, problem.id, "Version 12.2.2 puts it right.", over=True)
        assert raised(await at_once(joining, ending)) == []
        async with ctx.db.read() as session:
            issue = (await session.scalars(select(Issue).where(Issue.known_problem_id == problem.id))).one()
            news = list(await session.scalars(select(OutboxItem.kind).where(OutboxItem.issue_id == issue.id)))
        assert news == ["known_problem_news"], "the customer is never told that it is over"
    ran("end of a known problem, an issue of it")


async def a_turn(customer: Customer, command: Command) -> None:
    """A turn of the customer's next message that is decided to this command."""
    await customer.writes("That's mine too")
    lease, prepared = await customer.begins_a_turn()
    outcome = outcome_of(customer.ctx, "All right.", commands=[command])
    assert await turns.complete(customer.ctx, lease, prepared, outcome) is None


async def test_a_refund_and_resolving(ctx: Context, anna: Technician, ben: Technician) -> None:
    for number in range(ROUNDS):
        customer, issue, hand_off = await waiting(ctx)
        payment = await paid_by_phone(ctx, ben, issue, f"BACK-{number:04}")
        await transitions.claim(ctx, hand_off, anna)
        outcomes = await at_once(
            payments.record_refund(ctx, ben, payment["id"], f"REF-{number:04}"),
            resolve_issues.resolve(ctx, customer.id, anna),
        )
        assert raised(outcomes) == []
        assert (await row(ctx, Payment, payment["id"])).state == "refunded"
        assert (await row(ctx, Issue, issue.id)).status == "resolved"
        said = await customer.reads()
        assert [one["seq"] for one in said] == list(range(1, len(said) + 1))
    ran("refund, resolve")


async def test_retention_and_a_new_message(ctx: Context, clock: Clock, anna: Technician) -> None:
    written = erased = 0
    for _ in range(ROUNDS):
        customer, _issue, hand_off = await waiting(ctx)
        await transitions.claim(ctx, hand_off, anna)
        await resolve_issues.resolve(ctx, customer.id, anna)
        clock.now += timedelta(days=ctx.support.retention.conversation_days + 1)
        outcomes = await at_once(retention.apply_retention(ctx), customer.writes("are you still there?"), apart=0.15)
        refused = raised(outcomes, NotFound)
        conversation, said = await row(ctx, Conversation, customer.id), await customer.reads()
        if refused:
            assert conversation.erased_at is not None and {one["text"] for one in said} == {""}
        else:
            assert conversation.erased_at is None and "are you still there?" in [one["text"] for one in said]
        written, erased = written + (not refused), erased + bool(refused)
    ran("retention, message", written_and_kept=written, erased_and_refused=erased)
