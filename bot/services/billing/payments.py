"""Time that is paid ahead: recorded by a technician on the telephone, or paid at Stripe; once, whoever tells it twice.

A payment moves its issue from those that wait for payment to those that are paid, with the place that the reference
gave it, and the customer is told in the chat.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.billing import entitlement, online_payment, terms
from bot.services.billing.payment_provider import OnlineProvider, Outcome, minutes_of
from bot.services.billing.phone_payment import ByPhone, TakenByPhone, reference_of
from bot.services.conversation import lifecycle, transcript
from bot.services.core import audit, hours_wording
from bot.services.core.context import Context
from bot.services.core.errors import AlreadyRecorded, NotFound, NotPaid
from bot.services.core.topics import DESK
from bot.services.queue import queue_order
from bot.store.tables import Conversation, HandOff, Issue, Payment, Technician
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.billing.entitlement import Kind
from bot.triage.billing.prepaid import price_in_cents
from bot.triage.text.time_format import format_minutes

PENDING, PAID, REFUSED, EXPIRED, REFUNDED = "pending", "paid", "refused", "expired", "refunded"
SYSTEM = "system"
# A checkout that nobody finished is asked about for so long; Stripe's own end after a day.
ASKED_ABOUT_FOR = timedelta(days=2)


@unit_of_work()
async def record_by_phone(
    session: AsyncSession, ctx: Context, technician: Technician, reference: str, paid: TakenByPhone
) -> dict[str, Any]:
    """Keep a payment that the technician took on the telephone. Raises NotFound, or Conflict (``recorded``)."""
    conversation, issue = await locked_issue(session, Issue.reference == reference)
    payment = _new(ctx, issue, ByPhone.name, paid.minutes)
    payment.brand, payment.authorisation, payment.technician_id = paid.brand, paid.authorisation, technician.id
    session.add(payment)
    try:
        await session.flush()
    except IntegrityError as error:
        message = "A payment with this authorisation is recorded already; nothing was changed."
        raise AlreadyRecorded(message) from error
    await _count(session, ctx, payment, issue, conversation, audit.technician_actor(technician))
    after_commit(session, _wake, ctx, conversation.id)
    return payment_view(payment)


async def begin_checkout(
    ctx: Context, provider: OnlineProvider, reference: str, hours: object, urls: tuple[str, str]
) -> str:
    """Return the address of a page where this customer pays so many hours; ``urls``: where success and giving
    up lead.
    """
    minutes = minutes_of(ctx, hours)
    async with ctx.db.write() as session:
        issue = await issue_of(session, reference)
        payment = _new(ctx, issue, provider.name, minutes)
        session.add(payment)
        await session.flush()
    what = f"{ctx.support.company}: {format_minutes(minutes)} of support for {reference}"
    # Between the two transactions, not inside one: nobody waits for Stripe with the database locked.
    checkout = await provider.begin(payment.id, payment.amount, what, *urls)
    async with ctx.db.write() as session:
        (await session.get_one(Payment, payment.id)).checkout_id = checkout.id
    return checkout.url


async def settle_checkout(ctx: Context, provider: OnlineProvider, checkout_id: str) -> str | None:
    """Ask the provider what became of a checkout and keep it; the payment's state, None for a checkout of nobody here.

    Webhooks come twice, late and out of order: only the first answer changes anything.
    """
    async with ctx.db.read() as session:
        payment = await session.scalar(select(Payment).where(Payment.checkout_id == checkout_id))
    if payment is None or payment.state not in (PENDING, EXPIRED):
        return payment.state if payment else None
    outcome = await provider.outcome(checkout_id)
    return await _keep_outcome(ctx, payment.id, outcome)


@unit_of_work()
async def _keep_outcome(session: AsyncSession, ctx: Context, payment_id: int, outcome: Outcome) -> str:
    conversation, issue, payment = await _locked_payment(session, payment_id)
    if payment.state not in (PENDING, EXPIRED):
        return payment.state
    if outcome.state == PAID:
        payment.brand, payment.authorisation = outcome.brand, outcome.authorisation
        if _is_as_agreed(ctx, payment, outcome):
            await _count(session, ctx, payment, issue, conversation, SYSTEM)
        else:
            await _refuse(session, ctx, payment, issue, conversation)
    elif outcome.state == EXPIRED:
        payment.state = EXPIRED
    after_commit(session, _wake, ctx, conversation.id)
    return payment.state


async def settle_newest(ctx: Context, provider: OnlineProvider, reference: str) -> str | None:
    """Settle the issue's newest checkout; its state, None without one."""
    async with ctx.db.read() as session:
        issue = await issue_of(session, reference)
        newest = select(Payment.checkout_id).where(Payment.issue_id == issue.id, Payment.checkout_id.is_not(None))
        checkout_id = await session.scalar(newest.order_by(Payment.id.desc()).limit(1))
    return await settle_checkout(ctx, provider, checkout_id) if checkout_id else None


async def payment_status(ctx: Context, reference: str) -> dict[str, Any]:
    """Return what the payment page says of an issue: whether anything is to be paid, and what is left. Raises
    NotFound.
    """
    charges = ctx.support.charges
    async with ctx.db.read() as session:
        issue = await issue_of(session, reference)
        left = await entitlement.time_left(session, ctx, issue.customer_id)
        kind = (await entitlement.entitlement_of_issue(session, ctx, issue)).kind
    return {
        "to_pay": kind is Kind.PAYMENT_REQUIRED,
        "minutes_left": left,
        "left": format_minutes(left),
        "rate": terms.format_money(ctx.support, int(charges.hourly_rate * 100)),
        "minimum": format_minutes(charges.minimum_minutes),
        "cards": " or ".join(charges.cards),
    }


async def settle_open(ctx: Context) -> None:
    """Ask about checkouts whose webhook may have been lost. A second run changes nothing."""
    if not ctx.settings.stripe_secret_key:
        return
    since = ctx.clock() - ASKED_ABOUT_FOR
    waiting = select(Payment.checkout_id).where(
        Payment.state == PENDING, Payment.checkout_id.is_not(None), Payment.created_at > since
    )
    async with ctx.db.read() as session:
        open_ones = list(await session.scalars(waiting))
    for checkout_id in open_ones:
        if checkout_id is not None:
            await settle_checkout(ctx, online_payment.online_provider(ctx), checkout_id)


@unit_of_work()
async def record_refund(
    session: AsyncSession, ctx: Context, technician: Technician, payment_id: int, reference: object
) -> dict[str, Any]:
    """Record that a payment was paid back by hand, with the bank's or Stripe's reference of that. Raises Conflict."""
    written = reference_of(reference)
    now = ctx.clock()
    conversation, issue, payment = await _locked_payment(session, payment_id)
    if payment.state not in (PAID, REFUSED):
        raise NotPaid("Only a payment that was made can be paid back; nothing was changed.")
    payment.state, payment.refunded_at, payment.refund_reference = REFUNDED, now, written
    await session.flush()
    await entitlement.refresh_entitlements(session, ctx, payment.customer_id)
    actor, details = audit.technician_actor(technician), {"payment": payment.id, "amount": payment.amount}
    audit.record(session, actor, "payment.refund", now, conversation=conversation, issue_id=issue.id, details=details)
    words = ctx.support_for(conversation).terms.refunded.format(reference=issue.reference)
    await transcript.say(session, conversation, now, words, author_name=ctx.office_for(conversation).company)
    after_commit(session, _wake, ctx, conversation.id)
    return payment_view(payment)


async def locked_issue(session: AsyncSession, which: ColumnElement[bool]) -> tuple[Conversation, Issue]:
    """Return an issue with its conversation locked, erased or not: the books are kept. Raises NotFound.

    Everything about its payments changes under this lock.
    """
    found = (await session.execute(select(Issue.id, Issue.conversation_id).where(which))).first()
    if found is None:
        raise NotFound("There is no such issue.")
    conversation = await lifecycle.load(session, found.conversation_id, lock=True, erased=True)
    return conversation, await session.get_one(Issue, found.id)


async def _locked_payment(session: AsyncSession, payment_id: int) -> tuple[Conversation, Issue, Payment]:
    """Return a payment and its issue with their conversation locked; raises NotFound."""
    issue_id = await session.scalar(select(Payment.issue_id).where(Payment.id == payment_id))
    if issue_id is None:
        raise NotFound("There is no such payment.")
    conversation, issue = await locked_issue(session, Issue.id == issue_id)
    return conversation, issue, await session.get_one(Payment, payment_id)


async def issue_of(session: AsyncSession, reference: str) -> Issue:
    """Return the issue of a reference as we write it; raises NotFound."""
    issue = await session.scalar(select(Issue).where(Issue.reference == reference))
    if issue is None:
        raise NotFound("There is no such issue.")
    return issue


def payment_view(payment: Payment) -> dict[str, Any]:
    return {
        "id": payment.id,
        "provider": payment.provider,
        "state": payment.state,
        "minutes": payment.minutes,
        "amount": payment.amount,
        "currency": payment.currency,
        "brand": payment.brand,
        "authorisation": payment.authorisation,
        "refund_reference": payment.refund_reference,
        "created_at": payment.created_at.isoformat(),
        "paid_at": payment.paid_at.isoformat() if payment.paid_at else None,
    }


def _new(ctx: Context, issue: Issue, provider: str, minutes: int) -> Payment:
    charges = ctx.support.charges
    return Payment(
        issue_id=issue.id,
        customer_id=issue.customer_id,
        provider=provider,
        state=PENDING,
        minutes=minutes,
        amount=price_in_cents(minutes, charges.hourly_rate),
        currency=charges.currency,
        created_at=ctx.clock(),
    )


def _is_as_agreed(ctx: Context, payment: Payment, outcome: Outcome) -> bool:
    right_card = outcome.brand in ctx.support.charges.brands
    return right_card and (outcome.amount, outcome.currency) == (payment.amount, payment.currency)


async def _count(
    session: AsyncSession, ctx: Context, payment: Payment, issue: Issue, conversation: Conversation, actor: str
) -> None:
    """The payment is there: the issue is paid for, keeps its place if it was in time, and the customer is told."""
    now = ctx.clock()
    payment.state, payment.paid_at = PAID, now
    await session.flush()
    await entitlement.refresh_entitlements(session, ctx, issue.customer_id)
    await _keep_place(session, ctx, issue)
    details = {"payment": payment.id, "minutes": payment.minutes, "amount": payment.amount, "by": payment.provider}
    audit.record(session, actor, "payment.paid", now, conversation=conversation, issue_id=issue.id, details=details)
    words = ctx.support_for(conversation).terms.thanks.format(
        time=format_minutes(payment.minutes), reference=issue.reference, place=await _place(session, ctx, conversation)
    )
    await transcript.say(session, conversation, now, words.strip(), author_name=ctx.office_for(conversation).company)


async def _keep_place(session: AsyncSession, ctx: Context, issue: Issue) -> None:
    """A place counts from the reference when it is paid in time, else from the payment."""
    now, held = ctx.clock(), timedelta(hours=ctx.support.charges.place_held_hours)
    waiting = select(HandOff).where(HandOff.issue_id == issue.id, HandOff.state == queue_order.WAITING)
    for waits in await session.scalars(waiting):
        waits.updated_at = now
        if now > queue_order.in_line_since(waits) + held:
            waits.line_since = now


async def _place(session: AsyncSession, ctx: Context, conversation: Conversation) -> str:
    place = await queue_order.queue_position(session, ctx.support.queue_policy, conversation)
    return (
        hours_wording.queue_place(ctx.support_for(conversation), ctx.clock(), place, conversation.time_zone)
        if place
        else ""
    )


async def _refuse(
    session: AsyncSession, ctx: Context, payment: Payment, issue: Issue, conversation: Conversation
) -> None:
    """Paid, but not as agreed: it does not count, and a technician has to pay it back."""
    now = ctx.clock()
    payment.state, payment.paid_at = REFUSED, now
    details = {"payment": payment.id, "brand": payment.brand}
    audit.record(session, SYSTEM, "payment.refused", now, conversation=conversation, issue_id=issue.id, details=details)
    words = ctx.support_for(conversation).terms.wrong_card
    told = words.format(reference=issue.reference, cards=" or ".join(ctx.support.charges.cards))
    await transcript.say(session, conversation, now, told, author_name=ctx.office_for(conversation).company)


def _wake(ctx: Context, conversation_id: str) -> None:
    ctx.wake(conversation_id)
    ctx.wake(DESK)
