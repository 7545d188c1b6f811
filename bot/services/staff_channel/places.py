"""Staff channels as places: which they are, and which workspaces may say whose e-mail address somebody has."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import staff_items
from bot.services.core.context import Context
from bot.settings.support.teams import StaffAddress
from bot.store.tables import StaffPlace, StaffThread


@dataclass(frozen=True)
class Place:
    """A staff channel. ``reference`` is what its platform needs in order to send there, as it was last seen."""

    platform: str
    workspace: str
    channel: str
    reference: dict[str, Any]


def is_staff_workspace(ctx: Context, platform: str, workspace: str) -> bool:
    """Return whether a staff channel is set in this workspace: only there are people believed to be technicians.

    Elsewhere an administrator could give anybody the address of one of ours.
    """
    return any((one.platform, one.workspace) == (platform, workspace) for one in ctx.support.staff_addresses)


async def is_staff_place(ctx: Context, platform: str, workspace: str, channel: str) -> bool:
    """Return whether the channel is a staff channel, or was one: nothing written there is a customer's."""
    wanted = (platform, workspace, channel)
    if any((one.platform, one.workspace, one.channel) == wanted for one in ctx.support.staff_addresses):
        return True
    known = select(StaffPlace.id).filter_by(platform=platform, workspace=workspace, channel=channel)
    async with ctx.db.read() as session:
        return await session.scalar(known) is not None


async def place_of(session: AsyncSession, thread: StaffThread) -> Place:
    """Return where a thread stands."""
    row = await session.get_one(StaffPlace, thread.place_id)
    return Place(row.platform, row.workspace, row.channel, row.reference)


async def note_reference(ctx: Context, address: StaffAddress, reference: dict[str, Any]) -> None:
    """Keep what the platform needs in order to send to this staff channel, when it has changed."""
    known = select(StaffPlace.reference).filter_by(**address.model_dump())
    async with ctx.db.read() as session:
        if await session.scalar(known) == reference:
            return
    async with ctx.db.write() as session:
        row = await session.get_one(StaffPlace, await staff_items.place_id_of(session, address))
        row.reference = reference
