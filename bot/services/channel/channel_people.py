"""The people of Slack, Teams and e-mail: one customer for each outside user, with the contract of their company."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.billing import contract_lookup, unknown_companies
from bot.services.core.channel_names import EMAIL as EMAIL
from bot.services.core.channel_names import SLACK as SLACK
from bot.services.core.channel_names import TEAMS as TEAMS
from bot.services.core.context import Context
from bot.store.tables import ChannelUser, Contract, ContractPlace, Customer, Message

PROOF = {SLACK: "slack_workspace", TEAMS: "teams_tenant", EMAIL: "mail_domain"}


@dataclass(frozen=True)
class Person:
    """A user as the channel names them; ``workspace`` is the team or tenant that they themselves belong to.

    ``name`` is None where the channel must be asked for it first. ``proven``: the channel vouches for them; by mail
    the sender's domain does, or they answer what only they were sent.
    """

    workspace: str
    user_id: str
    name: str | None = None
    proven: bool = True


async def contract_of(session: AsyncSession, channel: str, workspace: str) -> Contract | None:
    """Return the contract of this workspace or tenant; of several the one in force, then the newest."""
    if channel not in (SLACK, TEAMS):
        return None  # an installed channel, which vouches for no company
    in_force_first = case((Contract.status == "active", 0), else_=1)
    found: Contract | None = await session.scalar(
        select(Contract)
        .join(ContractPlace, ContractPlace.contract_number == Contract.number)
        .where(ContractPlace.channel == channel, func.lower(ContractPlace.place) == workspace.lower())
        .order_by(in_force_first, Contract.starts_on.desc())
        .limit(1)
    )
    return found


async def is_on_a_contract(ctx: Context, channel: str, workspace: str) -> bool:
    """Return whether any contract, in force or not, names this workspace or tenant."""
    query = select(ContractPlace.place).where(
        ContractPlace.channel == channel, func.lower(ContractPlace.place) == workspace.lower()
    )
    async with ctx.db.read() as session:
        return await session.scalar(query.limit(1)) is not None


async def known_person(session: AsyncSession, ctx: Context, channel: str, person: Person) -> ChannelUser:
    """Return the outside user with a customer of their own; their workspace's contract is looked up each time."""
    user = await session.scalar(
        select(ChannelUser).where(
            ChannelUser.channel == channel,
            ChannelUser.workspace == person.workspace,
            ChannelUser.user_id == person.user_id,
        )
    )
    if user is None:
        customer = Customer(name=person.name, created_at=ctx.clock())
        session.add(customer)
        await session.flush()
        user = ChannelUser(
            channel=channel,
            workspace=person.workspace,
            user_id=person.user_id,
            customer_id=customer.id,
            name=person.name,
            created_at=ctx.clock(),
        )
        session.add(user)
        await session.flush()
    elif person.name:
        user.name = person.name
    customer = await session.get_one(Customer, user.customer_id)
    if channel != EMAIL:
        contract = await contract_of(session, channel, person.workspace)
        if contract is None and channel in (SLACK, TEAMS):
            await unknown_companies.note(session, channel, person.workspace, ctx.clock())
        await _prove_contract(session, channel, customer, contract)
    elif person.proven:
        customer.email = customer.email or person.user_id
        found = await contract_lookup.by_address(session, person.user_id, ctx.clock().date())
        await _prove_contract(session, channel, customer, found)
    return user


async def _prove_contract(session: AsyncSession, channel: str, customer: Customer, contract: Contract | None) -> None:
    """Being in the workspace or at the domain proves its contract; one proven in another way is left alone."""
    if channel not in PROOF or customer.contract_proof not in (None, PROOF[channel]):
        return
    customer.contract_number = contract.number if contract else None
    customer.contract_proof = PROOF[channel] if contract else None


async def names_of(ctx: Context, channel: str, workspace: str, user_ids: Collection[str]) -> dict[str, str]:
    """Return the names of those of these users who have written to us themselves."""
    query = select(ChannelUser.user_id, ChannelUser.name).where(
        ChannelUser.channel == channel,
        ChannelUser.workspace == workspace,
        ChannelUser.user_id.in_(user_ids),
        ChannelUser.name.is_not(None),
    )
    async with ctx.db.read() as session:
        return {user_id: name or "" for user_id, name in await session.execute(query)}


async def needs_name(ctx: Context, channel: str, workspace: str, user_id: str) -> bool:
    """Return whether nobody has told us this user's name yet."""
    query = select(ChannelUser.id).where(
        ChannelUser.channel == channel,
        ChannelUser.workspace == workspace,
        ChannelUser.user_id == user_id,
        ChannelUser.name.is_(None),
    )
    async with ctx.db.read() as session:
        return await session.scalar(query) is not None


async def keep_name(ctx: Context, channel: str, workspace: str, user_id: str, told: str) -> None:
    """Keep the name that the channel told, also on the messages that were stored before it was known."""
    async with ctx.db.write() as session:
        found = await session.scalar(
            select(ChannelUser).where(
                ChannelUser.channel == channel, ChannelUser.workspace == workspace, ChannelUser.user_id == user_id
            )
        )
        if found is None or not told.strip():
            return
        found.name = told.strip()[:200]
        customer = await session.get_one(Customer, found.customer_id)
        customer.name = customer.name or found.name
        written = update(Message).where(Message.channel_user_id == found.id)
        await session.execute(written.values(author_name=found.name))
