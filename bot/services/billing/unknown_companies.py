"""Workspaces of Slack and tenants of Teams that no contract names, and on which contract they are put."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.billing import contract_lookup
from bot.services.core import audit
from bot.services.core.channel_names import SLACK, TEAMS
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NotFound
from bot.store.tables import ContractPlace, UnknownCompany
from bot.store.unit_of_work import unit_of_work

# Anybody in any tenant can write to a bot that is in the store.
MOST, SHOWN = 1_000, 100
LONGEST_PLACE = 64
# Of whom the channel does not tell where they belong.
NOWHERE = ("", "unknown")


def spelled(channel: str, place: str) -> str:
    """Return a place as its platform writes it: Slack in capitals, Teams in small letters."""
    return place.upper() if channel == SLACK else place.lower()


async def note(session: AsyncSession, channel: str, place: str, now: datetime) -> None:
    """Count one more message from there; nothing where the list is full."""
    if place in NOWHERE or len(place) > LONGEST_PLACE:
        return
    place = spelled(channel, place)
    known = await session.get(UnknownCompany, (channel, place))
    if known is not None:
        known.messages, known.last_at = known.messages + 1, now
    elif (await session.scalar(select(func.count()).select_from(UnknownCompany)) or 0) < MOST:
        session.add(UnknownCompany(channel=channel, place=place, messages=1, first_at=now, last_at=now))


@unit_of_work()
async def note_refused(session: AsyncSession, ctx: Context, channel: str, place: str) -> None:
    """Count a message that was refused, and of which nothing else is stored."""
    await note(session, channel, place, ctx.clock())


async def unknown_companies(ctx: Context) -> list[dict[str, Any]]:
    """Return those that wrote last, on top."""
    query = select(UnknownCompany).order_by(UnknownCompany.last_at.desc()).limit(SHOWN)
    async with ctx.db.read() as session:
        return [
            {
                "channel": one.channel,
                "place": one.place,
                "messages": one.messages,
                "first_at": one.first_at.isoformat(),
                "last_at": one.last_at.isoformat(),
            }
            for one in await session.scalars(query)
        ]


@unit_of_work()
async def put_on_contract(
    session: AsyncSession, ctx: Context, channel: object, place: object, number: object, *, actor: str
) -> str:
    """Put a workspace or a tenant on a contract; its people have it from their next message on. Return its number.

    Raises Invalid for what is no place, NotFound for a number that no contract has.
    """
    if channel not in (SLACK, TEAMS) or not isinstance(place, str) or not 0 < len(place.strip()) <= LONGEST_PLACE:
        raise Invalid("Name the workspace or the tenant; nothing was changed.")
    place = spelled(channel, place.strip())
    contract = await contract_lookup.by_number(session, str(number or ""))
    if contract is None:
        raise NotFound("There is no contract of this number; nothing was changed.")
    if not any((one.channel, one.place.lower()) == (channel, place.lower()) for one in contract.places):
        contract.places.append(ContractPlace(channel=channel, place=place))
    known = await session.get(UnknownCompany, (channel, place))
    if known is not None:
        await session.delete(known)
    details = {"number": contract.number, "channel": channel}
    audit.record(session, actor, "contracts.place", ctx.clock(), details=details)
    return contract.number
