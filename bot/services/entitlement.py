"""Who pays for this conversation: gathers what ``bot.triage.entitlement`` decides on."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.context import Context
from bot.services.draft import OTHER
from bot.store.tables import Contract, Conversation, Customer, Issue
from bot.triage.entitlement import Kind, Terms, decide
from bot.triage.routing import Category


async def entitlement_of(session: AsyncSession, ctx: Context, conversation: Conversation, category: Category) -> Kind:
    """The entitlement of the conversation's customer for an issue of this category, now."""
    customer = await session.get_one(Customer, conversation.customer_id)
    number = customer.contract_number
    contract = await session.get(Contract, number) if number else None
    now = ctx.clock()
    hours = ctx.support.office_hours
    return decide(
        today=now.astimezone(hours.zone).date(),
        contract=Terms(contract.status, contract.starts_on, contract.ends_on) if contract else None,
        proven=customer.contract_proof is not None,
        claimed=customer.contract_claimed,
        free_of_charge=category.free_of_charge,
        in_office_hours=hours.state_at(now).open,
    ).kind


async def claim_contract(session: AsyncSession, ctx: Context, conversation: Conversation) -> Kind:
    """The customer says that there is a contract: from now on nobody asks them to pay before it was checked.

    Issues that wait for payment move to those that wait for the check. Returns what holds for an ordinary issue.
    """
    customer = await session.get_one(Customer, conversation.customer_id)
    customer.contract_claimed = True
    unpaid = select(Issue).where(Issue.customer_id == customer.id, Issue.entitlement == Kind.PAYMENT_REQUIRED)
    for issue in await session.scalars(unpaid):
        category = ctx.support.category(issue.category)
        issue.entitlement = str(await entitlement_of(session, ctx, conversation, category))
    return await entitlement_of(session, ctx, conversation, ctx.support.category(OTHER))
