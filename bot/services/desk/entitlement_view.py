"""The desk's view of the entitlement: reason, proof, payments and remaining time."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.billing import entitlement, payments, terms, work_minutes
from bot.services.billing.prices import payable_sums
from bot.services.core.context import Context
from bot.services.desk.labels import ENTITLEMENTS, PAYMENT_STATES, PROOFS, word_for
from bot.store.tables import Contract, Customer, Issue, Payment


async def entitlement_view(
    session: AsyncSession, ctx: Context, issue: Issue | None, customer: Customer
) -> dict[str, Any]:
    """Return the entitlement of the conversation's issue; without one only what is known of the contract."""
    contract = await session.get(Contract, customer.contract_number) if customer.contract_number else None
    kind = issue.entitlement if issue else None
    about = {
        "kind": kind,
        "text": word_for(ENTITLEMENTS, kind),
        "company": contract.company if contract else None,
        "contract": contract.number if contract else None,
        "ends_on": contract.ends_on.isoformat() if contract and contract.ends_on else None,
        "proof": word_for(PROOFS, customer.contract_proof) if contract else None,
        "claimed": customer.contract_claimed and customer.contract_proof is None,
    }
    if issue is None:
        return {**about, "reason": None, "payments": [], "worked_minutes": 0, "minutes_left": 0}
    judged = await entitlement.entitlement_of_issue(session, ctx, issue)
    time = await work_minutes.minutes_of_issue(session, ctx, issue)
    return {
        **about,
        **time,
        "reason": terms.entitlement_reason(ctx.office_for(issue), judged, time["minutes_left"]),
        "payments": await _payments(session, ctx, issue),
        "hours": [{"hours": one.hours, "time": one.time, "price": one.price} for one in payable_sums(ctx.support)],
        "cards": list(ctx.support.charges.cards),
    }


async def _payments(session: AsyncSession, ctx: Context, issue: Issue) -> list[dict[str, Any]]:
    made = select(Payment).where(Payment.issue_id == issue.id, Payment.state != payments.PENDING).order_by(Payment.id)
    return [
        {
            **payments.payment_view(payment),
            "amount_text": terms.format_money(ctx.support, payment.amount),
            "state_text": word_for(PAYMENT_STATES, payment.state),
        }
        for payment in await session.scalars(made)
    ]
