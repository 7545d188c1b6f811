"""Find a contract by what somebody wrote: its number, or a domain of its company. Nothing of it is disclosed here."""

from datetime import date

from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import Contract
from bot.triage.billing.contract_number import number_key
from bot.triage.billing.entitlement import Terms, in_force
from bot.triage.text.free_mail import is_free_mail
from bot.triage.text.mail_domain import ascii_domain


async def by_number(session: AsyncSession, number: str) -> Contract | None:
    """Return the contract of this number, in capitals or not, whatever spaces and dashes are in it."""
    found: Contract | None = await session.scalar(select(Contract).where(Contract.number_key == number_key(number)))
    return found


async def by_address(session: AsyncSession, email: str, today: date) -> Contract | None:
    """Return the contract that names the address's domain; of several one in force, then the one that lasts longest.

    A free-mail domain proves nothing, even where an operator has listed it.
    """
    domain = ascii_domain(email.rpartition("@")[2])
    if is_free_mail(domain):
        return None
    near = select(Contract).where(cast(Contract.email_domains, Text).icontains(f'"{domain}"', autoescape=True))
    found = [one for one in await session.scalars(near) if domain in map(ascii_domain, one.email_domains)]
    return max(found, key=lambda one: (_holds(one, today), one.ends_on or date.max), default=None)


def _holds(contract: Contract, today: date) -> bool:
    return in_force(Terms(contract.status, contract.starts_on, contract.ends_on), today)
