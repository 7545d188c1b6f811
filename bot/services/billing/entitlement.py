"""Gather the facts on which ``bot.triage.billing.entitlement`` decides."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, func, literal, null, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import OTHER
from bot.services.core.context import Context
from bot.store.locks import lock_issues
from bot.store.tables import Contract, Conversation, Customer, Issue, Payment, WorkMinutes
from bot.triage.billing.entitlement import Entitlement, Kind, Terms, judge
from bot.triage.billing.prepaid import Bought, minutes_left
from bot.triage.issue.issue_status import IssueStatus
from bot.triage.issue.routing import Category

PAID = "paid"
DRAWN_DOWN = (Kind.PREPAID, Kind.PAYMENT_REQUIRED)
_BOUGHT, _WORKED = "bought", "worked"
_CUSTOMER: BindParameter[int] = bindparam("customer_id")
# What the customer has paid for, and the minutes worked on each issue that draws it down.
_TIME = (
    select(literal(_BOUGHT), Payment.minutes, Payment.paid_at)
    .where(Payment.customer_id == _CUSTOMER, Payment.state == PAID)
    .union_all(
        select(literal(_WORKED), func.sum(WorkMinutes.minutes), null())
        .join(Issue, Issue.id == WorkMinutes.issue_id)
        .where(Issue.customer_id == _CUSTOMER, Issue.entitlement.in_([str(kind) for kind in DRAWN_DOWN]))
        .group_by(WorkMinutes.issue_id)
    )
)


async def entitlement_of(session: AsyncSession, ctx: Context, conversation: Conversation, category: Category) -> Kind:
    """Return the entitlement of the conversation's customer for an issue of this category, now."""
    customer = await session.get_one(Customer, conversation.customer_id)
    return (await judge_entitlement(session, ctx, customer, category, ctx.clock(), conversation.product)).kind


async def judge_entitlement(
    session: AsyncSession,
    ctx: Context,
    customer: Customer,
    category: Category,
    asked_at: datetime,
    product: str | None = None,
) -> Entitlement:
    """Return who pays for what this customer asked about at ``asked_at``, by what is proven and paid now.

    ``product`` is the one of several that it is about; a contract for some of them counts while that is not known.
    """
    number = customer.contract_number
    contract = await session.get(Contract, number) if number else None
    return judge(
        asked_at,
        ctx.support.office_hours,
        contract=Terms(contract.status, contract.starts_on, contract.ends_on) if contract else None,
        proven=customer.contract_proof is not None,
        claimed=customer.contract_claimed,
        prepaid=await time_left(session, ctx, customer.id) > 0,
        free_of_charge=category.free_of_charge,
        includes_product=contract is None or product is None or not contract.products or product in contract.products,
    )


async def entitlement_of_issue(session: AsyncSession, ctx: Context, issue: Issue) -> Entitlement:
    """Return who pays for an issue: a contract counts that was in force when it was asked about."""
    customer = await session.get_one(Customer, issue.customer_id)
    category = ctx.support.for_product(issue.product).category(issue.category)
    return await judge_entitlement(session, ctx, customer, category, issue.created_at, issue.product)


async def lock_open_issues(session: AsyncSession, customer_ids: Sequence[int]) -> Sequence[Issue]:
    """Lock the open issues of these customers, in one call. One may turn out to be resolved once it is locked."""
    opened: list[int] = []
    for start in range(0, len(customer_ids), 500):
        some = customer_ids[start : start + 500]
        theirs = select(Issue.id).where(Issue.customer_id.in_(some), Issue.status != IssueStatus.RESOLVED)
        opened.extend(await session.scalars(theirs))
    return await lock_issues(session, opened)


async def refresh_entitlements(session: AsyncSession, ctx: Context, customer_id: int) -> None:
    """Judge the customer's open issues again: something was proven, paid or used up.

    They may belong to other conversations than the caller's. Those are not locked, only the issues.
    """
    for issue in await lock_open_issues(session, [customer_id]):
        if issue.status == IssueStatus.RESOLVED:
            continue
        kind = str((await entitlement_of_issue(session, ctx, issue)).kind)
        if kind != issue.entitlement:
            issue.entitlement, issue.updated_at = kind, ctx.clock()


async def time_left(session: AsyncSession, ctx: Context, customer_id: int) -> int:
    """Return the minutes that this customer has paid ahead and not used; below zero when more was worked."""
    found = (await session.execute(_TIME, {"customer_id": customer_id})).all()
    charges = ctx.support.charges
    return minutes_left(
        [Bought(minutes, at) for kind, minutes, at in found if kind == _BOUGHT],
        [int(minutes) for kind, minutes, _ in found if kind == _WORKED],
        minimum=charges.minimum_minutes,
        now=ctx.clock(),
        kept_for=charges.kept_for,
    )


async def claim_contract(session: AsyncSession, ctx: Context, conversation: Conversation) -> Kind:
    """Return the customer says that there is a contract: from now on nobody asks them to pay before it was checked.

    Issues that wait for payment move to those that wait for the check. Returns what holds for an ordinary issue.
    """
    customer = await session.get_one(Customer, conversation.customer_id)
    customer.contract_claimed = True
    await session.flush()
    await refresh_entitlements(session, ctx, customer.id)
    return await entitlement_of(session, ctx, conversation, ctx.support.category(OTHER))
