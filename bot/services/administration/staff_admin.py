"""Administer the staff of the desk: name, role, team, access, and availability."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, LastAdmin, NotFound
from bot.services.core.input_values import is_one_of
from bot.services.hand_off import transitions
from bot.services.technician import accounts
from bot.store.tables import DeskSession, HandOff, Technician

AVAILABILITY = {"available": "Available", "lunch": "At lunch", "away": "Away"}
ADMIN = "admin"


async def list_staff(ctx: Context) -> list[dict[str, Any]]:
    """Return all technicians by name, with the number of conversations that each owns."""
    held = select(HandOff.technician_id, func.count()).where(HandOff.state == "claimed").group_by(HandOff.technician_id)
    async with ctx.db.read() as session:
        counts: dict[int, int] = {row[0]: row[1] for row in await session.execute(held)}
    return [
        {**accounts.technician_view(one), "active": one.active, "holds": counts.get(one.id, 0)}
        for one in await accounts.list_technicians(ctx)
    ]


async def change_staff_member(
    ctx: Context, admin: Technician, technician_id: int, fields: Mapping[str, object]
) -> Technician:
    """Change ``name``, ``role``, ``team`` and ``active``.

    Whoever loses access is signed out at once, and their conversations return to the queue. Raises NotFound, Invalid,
    or Conflict (``last_admin``): one administrator must remain.
    """
    now = ctx.clock()
    async with ctx.db.write() as session:
        person = await session.get(Technician, technician_id)
        if person is None:
            raise NotFound("There is no such technician; nothing was changed.")
        wanted = _wanted(ctx, person, fields)
        stays = wanted["active"] and wanted["role"] == ADMIN
        if person.role == ADMIN and person.active and not stays and await _admins(session) == 1:
            raise LastAdmin("This is the last administrator; make somebody else one first. Nothing was changed.")
        changed = sorted(key for key, value in wanted.items() if getattr(person, key) != value)
        for key in changed:
            setattr(person, key, wanted[key])
        if not wanted["active"]:
            await session.execute(delete(DeskSession).where(DeskSession.technician_id == person.id))
        details = {"technician": person.id, "changed": changed}
        audit.record(session, audit.technician_actor(admin), "technician.change", now, details=details)
    if not person.active:
        await _return_conversations(ctx, person)
    return person


async def _return_conversations(ctx: Context, person: Technician) -> None:
    """Return the conversations of somebody who has left to the queue of the issue's team."""
    held = select(HandOff.conversation_id, HandOff.team).where(
        HandOff.state == "claimed", HandOff.technician_id == person.id
    )
    async with ctx.db.read() as session:
        rows = [(row.conversation_id, row.team) for row in await session.execute(held)]
    for conversation_id, team in rows:
        known = team if team in ctx.support.team_titles else next(iter(ctx.support.team_titles))
        await transitions.transfer(ctx, conversation_id, person, team=known)


def _wanted(ctx: Context, person: Technician, fields: Mapping[str, object]) -> dict[str, Any]:
    unknown = sorted(set(fields) - {"name", "role", "team", "active"})
    if unknown:
        raise Invalid(f"{unknown[0]} cannot be changed here; nothing was changed.")
    name, role = fields.get("name", person.name), fields.get("role", person.role)
    team, active = fields.get("team", person.team) or None, fields.get("active", person.active)
    if not isinstance(name, str) or not isinstance(role, str) or not isinstance(active, bool):
        raise Invalid("name and role must be text, active true or false; nothing was changed.")
    if team is not None and not isinstance(team, str):
        raise Invalid("team must be the id of a team; nothing was changed.")
    accounts.check_place(ctx, role, team)
    return {"name": accounts.checked_name(name), "role": role, "team": team, "active": active}


async def _admins(session: AsyncSession) -> int:
    query = select(func.count()).select_from(Technician).where(Technician.role == ADMIN, Technician.active)
    return await session.scalar(query) or 0


async def set_availability(ctx: Context, technician: Technician, availability: object) -> None:
    """Set the technician's own availability, which colleagues see when they transfer. Raises Invalid."""
    if not is_one_of(availability, AVAILABILITY):
        raise Invalid(f"availability must be one of {', '.join(AVAILABILITY)}; nothing was changed.")
    now = ctx.clock()
    async with ctx.db.write() as session:
        row = await session.get_one(Technician, technician.id)
        row.availability = str(availability)
        details = {"availability": row.availability}
        audit.record(session, audit.technician_actor(technician), "technician.availability", now, details=details)
