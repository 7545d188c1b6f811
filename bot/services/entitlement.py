"""Who pays for this conversation: gathers what ``bot.triage.entitlement`` decides on."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.context import Context
from bot.store.tables import Contract, Conversation, Customer
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
        free_of_charge=category.free_of_charge,
        in_office_hours=hours.state_at(now).open,
    ).kind
