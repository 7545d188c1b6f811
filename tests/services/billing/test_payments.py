"""Time paid ahead: by telephone or at Stripe, once, with the right card; the place it keeps; what draws it down."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from bot.services.billing import entitlement, online_payment, payment_page, payments, terms, work_minutes
from bot.services.billing.phone_payment import ByPhone
from bot.services.conversation import lifecycle
from bot.services.core.context import Context
from bot.services.core.errors import Conflict, Invalid, NotFound, PaymentUnavailable
from bot.services.queue import queue_order
from bot.store.tables import AuditEntry, HandOff, Issue, Payment, Technician
from bot.store.tables import Customer as CustomerRow
from tests.support.fake_stripe import KEY, WEBHOOK_SECRET, FakeStripe, fake_stripe, signature
from tests.support.service_fixtures import Clock, Customer
from tests.support.service_steps import logged

URLS = ("https://support.example/done", "https://support.example/back")


@pytest.fixture
def stripe(ctx: Context) -> Iterator[FakeStripe]:
    with fake_stripe() as running:
        ctx.settings = dataclasses.replace(
            ctx.settings,
            stripe_secret_key=KEY,
            stripe_webhook_secret=WEBHOOK_SECRET,
            stripe_api_url=running.url,
            internal_secret="loopback",
        )
        yield running


@pytest.fixture
async def issue(ctx: Context, customer: Customer, stripe: FakeStripe) -> Issue:
    return await logged(ctx, customer)


async def kind(ctx: Context, issue: Issue) -> str:
    async with ctx.db.read() as session:
        return (await session.get_one(Issue, issue.id)).entitlement


async def left(ctx: Context, issue: Issue) -> int:
    async with ctx.db.read() as session:
        return await entitlement.time_left(session, ctx, issue.customer_id)


async def begun(ctx: Context, issue: Issue, hours: str = "1") -> str:
    url = await payments.begin_checkout(ctx, online_payment.online_provider(ctx), issue.reference, hours, URLS)
    return url.rpartition("/")[2]


async def settled(ctx: Context, checkout_id: str) -> str | None:
    return await payments.settle_checkout(ctx, online_payment.online_provider(ctx), checkout_id)


def by_phone(ctx: Context, **changed: Any) -> Any:
    return ByPhone().taken(ctx, {"hours": "1", "brand": "VISA", "authorisation": "AUTH 4711-9", **changed})


async def test_who_must_pay_is_informed_the_price_the_minimum_and_the_way_before_any_question(
    ctx: Context, customer: Customer, issue: Issue
) -> None:
    told = (await customer.reads())[-1]
    for words in ("120.00 USD an hour", "VISA or MasterCard", "at least 30 minutes", "24 hours"):
        assert words in told["text"]
    links = [card["url"] for card in told["cards"]]
    assert links == [payment_page.payment_page_path(ctx, issue.reference), "/manual/what-support-costs"]
    assert (await customer.state())["owner"] == "queue", "waiting for payment does not block the reference or the queue"


async def test_without_stripe_the_way_is_the_telephone(ctx: Context, customer: Customer) -> None:
    issue = await logged(ctx, customer)
    told = (await customer.reads())[-1]
    assert f"call 234-542-4400 and name {issue.reference}" in told["text"]
    assert [card["url"] for card in told["cards"]] == ["/manual/what-support-costs"]


async def test_paid_at_stripe_it_counts_once_however_often_it_is_informed(
    ctx: Context, customer: Customer, issue: Issue, stripe: FakeStripe
) -> None:
    checkout_id = await begun(ctx, issue, "1.5")
    assert await settled(ctx, checkout_id) == "pending"
    stripe.pay(checkout_id)
    assert [await settled(ctx, checkout_id) for _ in range(3)] == ["paid"] * 3
    assert (await kind(ctx, issue), await left(ctx, issue)) == ("prepaid", 90)
    thanks = [one for one in await customer.reads() if one["text"].startswith("Thank you")]
    assert len(thanks) == 1 and "1 hour 30 minutes" in thanks[0]["text"] and issue.reference in thanks[0]["text"]


async def test_stripe_is_asked_for_the_two_brands_only_and_the_right_amount(
    ctx: Context, issue: Issue, stripe: FakeStripe
) -> None:
    await begun(ctx, issue, "0.5")
    (asked,) = stripe.created
    blocked = {value for name, value in asked.items() if "brands_blocked" in name}
    assert blocked == {"american_express", "discover_global_network"}
    assert asked["line_items[0][price_data][unit_amount]"] == "6000"
    assert asked["line_items[0][price_data][currency]"] == "usd"


@pytest.mark.parametrize(("brand", "amount"), [("amex", None), ("discover", None), ("visa", 1), ("unknown", None)])
async def test_another_card_or_amount_does_not_count_and_is_to_be_paid_back(
    ctx: Context, customer: Customer, issue: Issue, stripe: FakeStripe, brand: str, amount: int | None
) -> None:
    checkout_id = await begun(ctx, issue)
    stripe.pay(checkout_id, brand, amount)
    assert await settled(ctx, checkout_id) == "refused"
    assert (await kind(ctx, issue), await left(ctx, issue)) == ("payment_required", 0)
    assert "is paid back" in (await customer.reads())[-1]["text"]


async def test_an_expired_checkout_may_still_turn_out_to_be_paid(
    ctx: Context, issue: Issue, stripe: FakeStripe
) -> None:
    checkout_id = await begun(ctx, issue)
    stripe.expire(checkout_id)
    assert await settled(ctx, checkout_id) == "expired"
    stripe.pay(checkout_id, "mastercard")
    assert await settled(ctx, checkout_id) == "paid"


async def test_a_lost_webhook_is_made_good_by_the_job(ctx: Context, issue: Issue, stripe: FakeStripe) -> None:
    stripe.pay(await begun(ctx, issue))
    await payments.settle_open(ctx)
    await payments.settle_open(ctx)
    assert await kind(ctx, issue) == "prepaid"


async def test_when_stripe_is_down_nothing_is_charged_and_it_is_said(
    ctx: Context, issue: Issue, stripe: FakeStripe
) -> None:
    stripe.down = True
    with pytest.raises(PaymentUnavailable, match="nothing was charged"):
        await begun(ctx, issue)
    assert await left(ctx, issue) == 0


async def test_a_checkout_of_somebody_else_changes_nothing(ctx: Context, issue: Issue) -> None:
    assert await settled(ctx, "cs_unknown") is None


@pytest.mark.parametrize("hours", ["0", "0.25", "9", "-1", "x", None, "1e9", "NaN", "0.501", ""])
async def test_only_sensible_hours_can_be_paid(ctx: Context, issue: Issue, hours: str | None) -> None:
    with pytest.raises(Invalid):
        await payments.begin_checkout(ctx, online_payment.online_provider(ctx), issue.reference, hours, URLS)


async def test_a_webhook_needs_stripes_signature_and_must_be_fresh(
    ctx: Context, issue: Issue, stripe: FakeStripe, clock: Clock
) -> None:
    provider = online_payment.online_provider(ctx)
    body, signed = stripe.webhook(await begun(ctx, issue))
    assert provider.checkout_of(body, signed) == "cs_test_0001"
    other, _ = stripe.webhook("cs_test_0001", "payment_intent.created")
    assert provider.checkout_of(other, signature(other)) is None
    for wrong in (
        "",
        "t=1,v1=00",
        signature(body + b" "),
        signature(body, secret="whsec_other"),
        signature(body, at=1e9),
    ):
        with pytest.raises(Invalid) as raised:
            provider.checkout_of(body, wrong)
        assert raised.value.code == "bad_signature"


def test_the_page_of_an_issue_opens_by_its_own_address_only(ctx: Context, stripe: FakeStripe) -> None:
    path = payment_page.payment_page_path(ctx, "TR-483-920-179")
    payment_page.check_signature(ctx, "TR-483-920-179", path.rpartition("/")[2])
    for reference, signed in (
        ("TR-111-111-111", path.rpartition("/")[2]),
        ("TR-483-920-179", ""),
        ("TR-483-920-179", "ü"),
    ):
        with pytest.raises(NotFound):
            payment_page.check_signature(ctx, reference, signed)


async def test_taken_by_phone_it_counts_and_is_audited(
    ctx: Context, customer: Customer, issue: Issue, anna: Technician
) -> None:
    kept = await payments.record_by_phone(ctx, anna, issue.reference, by_phone(ctx))
    assert (kept["state"], kept["amount"], await kind(ctx, issue), await left(ctx, issue)) == (
        "paid",
        12000,
        "prepaid",
        60,
    )
    with pytest.raises(Conflict) as raised:
        await payments.record_by_phone(ctx, anna, issue.reference, by_phone(ctx))
    assert raised.value.code == "recorded"
    async with ctx.db.read() as session:
        (row,) = await session.scalars(select(AuditEntry).where(AuditEntry.action == "payment.paid"))
    assert row.actor == f"technician:{anna.id}" and row.details["amount"] == 12000


@pytest.mark.parametrize(
    "written",
    ["4111 1111 1111 1111", "5555555555554444", "1234567890123456", "4111-1111", "", "x", "a" * 61, "<b>", None, 7],
)
def test_a_card_number_is_no_authorisation(ctx: Context, written: object) -> None:
    if written == "4111-1111":
        assert by_phone(ctx, authorisation=written).authorisation == written
        return
    with pytest.raises(Invalid):
        by_phone(ctx, authorisation=written)


def test_only_the_cards_we_take_by_phone(ctx: Context) -> None:
    with pytest.raises(Invalid):
        by_phone(ctx, brand="American Express")


async def in_line(ctx: Context) -> list[int]:
    async with ctx.db.read() as session:
        line = await queue_order.waiting_hand_offs(session, ctx.support.queue_policy)
        return [(await session.get_one(HandOff, one.hand_off_id)).issue_id for one in line]


async def test_a_place_counts_from_the_reference_when_paid_in_time_and_else_from_the_payment(
    ctx: Context, anna: Technician, clock: Clock
) -> None:
    issues = []
    for _ in range(3):
        issues.append(await logged(ctx, await Customer.arrives(ctx)))
        clock.advance(hours=1)
    first, second, third = issues
    await payments.record_by_phone(ctx, anna, third.reference, by_phone(ctx, authorisation="third"))
    assert await in_line(ctx) == [third.id, first.id, second.id], "who has not paid waits behind, and can be claimed"
    await payments.record_by_phone(ctx, anna, second.reference, by_phone(ctx, authorisation="second"))
    assert await in_line(ctx) == [second.id, third.id, first.id], "paid in time: the place of the reference"
    clock.advance(hours=24)
    await payments.record_by_phone(ctx, anna, first.reference, by_phone(ctx, authorisation="first"))
    assert await in_line(ctx) == [second.id, third.id, first.id], "paid too late: from the payment on"
    async with ctx.db.read() as session:
        late = await session.scalar(select(HandOff.line_since).where(HandOff.issue_id == first.id))
    assert late == clock()


async def test_minutes_draw_it_down_to_the_minimum_and_beyond(ctx: Context, issue: Issue, anna: Technician) -> None:
    await payments.record_by_phone(ctx, anna, issue.reference, by_phone(ctx))
    assert await work_minutes.record_minutes(ctx, anna, issue.reference, 5) == {"worked_minutes": 5, "minutes_left": 30}
    assert await work_minutes.record_minutes(ctx, anna, issue.reference, 50) == {
        "worked_minutes": 55,
        "minutes_left": 5,
    }
    assert await kind(ctx, issue) == "prepaid"
    assert (await work_minutes.record_minutes(ctx, anna, issue.reference, 10))["minutes_left"] == -5
    assert await kind(ctx, issue) == "payment_required"
    for wrong in (0, -1, 601, "5", True, None):
        with pytest.raises(Invalid):
            await work_minutes.record_minutes(ctx, anna, issue.reference, wrong)


async def test_what_is_left_serves_the_next_issue_until_it_lapses(
    ctx: Context, customer: Customer, issue: Issue, anna: Technician, clock: Clock
) -> None:
    await payments.record_by_phone(ctx, anna, issue.reference, by_phone(ctx))
    await work_minutes.record_minutes(ctx, anna, issue.reference, 30)
    clock.advance(days=89)
    async with ctx.db.read() as session:
        person = await session.get_one(CustomerRow, issue.customer_id)
        other = ctx.support.category("other")
        assert (await entitlement.judge_entitlement(session, ctx, person, other, clock())).kind == "prepaid"
        clock.advance(days=2)
        assert (await entitlement.judge_entitlement(session, ctx, person, other, clock())).kind == "payment_required"


async def test_a_refund_is_recorded_by_hand_and_takes_the_time_back(
    ctx: Context, customer: Customer, issue: Issue, anna: Technician
) -> None:
    kept = await payments.record_by_phone(ctx, anna, issue.reference, by_phone(ctx))
    refunded = await payments.record_refund(ctx, anna, kept["id"], "RF-1")
    assert (refunded["state"], await kind(ctx, issue), await left(ctx, issue)) == ("refunded", "payment_required", 0)
    with pytest.raises(Conflict):
        await payments.record_refund(ctx, anna, kept["id"], "RF-1")
    with pytest.raises(Invalid):
        await payments.record_refund(ctx, anna, kept["id"], "4111 1111 1111 1111")
    with pytest.raises(NotFound):
        await payments.record_refund(ctx, anna, 999, "RF-1")
    assert "paid back" in (await customer.reads())[-1]["text"]


async def test_the_terms_are_informed_once_and_again_when_they_changed(
    ctx: Context, customer: Customer, issue: Issue, anna: Technician
) -> None:
    async def notice() -> str | None:
        async with ctx.db.write() as session:
            row = await session.get_one(Issue, issue.id)
            conversation = await lifecycle.load(session, customer.id, lock=True)
            said = await terms.terms_notice(session, ctx, conversation, row)
        return said.text if said is not None else None

    assert await notice() is None
    await payments.record_by_phone(ctx, anna, issue.reference, by_phone(ctx))
    assert "1 hour are left" in (await notice() or "")


async def test_no_row_of_a_payment_can_hold_a_card_number(ctx: Context, issue: Issue, stripe: FakeStripe) -> None:
    stripe.pay(await begun(ctx, issue))
    await payments.settle_open(ctx)
    async with ctx.db.read() as session:
        (row,) = await session.execute(select(Payment.__table__))
    assert "4242" not in str(row)
