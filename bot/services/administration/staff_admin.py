"""Administer the staff of the desk: name, role, team, access, and availability."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, LastAdmin, NotFound
from bot.services.core.input_values import is_one_of
from bot.services.hand_off import assignment, transitions
from bot.services.technician import accounts
from bot.store.locks import lock_conversations, lock_rows
from bot.store.tables import DeskSession, HandOff, Technician
from bot.store.unit_of_work import Superseded, after_commit, unit_of_work

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


@unit_of_work()
async def change_staff_member(
    session: AsyncSession, ctx: Context, admin: Technician, technician_id: int, fields: Mapping[str, object]
) -> Technician:
    """Change ``name``, ``role``, ``team`` and ``active``.

    Whoever loses access is signed out at once, and their conversations return to the queue. Raises NotFound, Invalid,
    or Conflict (``last_admin``): one administrator must remain.
    """
    now = ctx.clock()
    leaves = fields.get("active") is False
    held = await _held_by(session, technician_id) if leaves else {}
    await lock_conversations(session, held)
    person, admins = await _locked(session, technician_id)
    if person is None:
        raise NotFound("There is no such technician; nothing was changed.")
    wanted = _wanted(ctx, person, fields)
    stays = wanted["active"] and wanted["role"] == ADMIN
    if admins == [person] and not stays:
        raise LastAdmin("This is the last administrator; make somebody else one first. Nothing was changed.")
    if leaves and await _held_by(session, technician_id) != held:
        raise Superseded
    # While they can still be named as who has the conversations: those go back to the queue of the team.
    for conversation_id, team in held.items():
        known = team if team in ctx.support.team_titles else next(iter(ctx.support.team_titles))
        conversation = await transitions.owned_by(session, conversation_id, person)
        await transitions.requeue(session, ctx, conversation, person, team=known)
        after_commit(session, transitions.wake_conversation, ctx, conversation)
    changed = sorted(key for key, value in wanted.items() if getattr(person, key) != value)
    for key in changed:
        setattr(person, key, wanted[key])
    if not wanted["active"]:
        await session.execute(delete(DeskSession).where(DeskSession.technician_id == person.id))
    details = {"technician": person.id, "changed": changed}
    audit.record(session, audit.technician_actor(admin), "technician.change", now, details=details)
    return person


async def _held_by(session: AsyncSession, technician_id: int) -> dict[str, str]:
    """Return the conversations that a technician has, each with its team."""
    held = select(HandOff.conversation_id, HandOff.team).where(
        HandOff.state == "claimed", HandOff.technician_id == technician_id
    )
    return {row.conversation_id: row.team for row in await session.execute(held)}


async def _locked(session: AsyncSession, technician_id: int) -> tuple[Technician | None, list[Technician]]:
    """Return a technician and the active administrators, locked: of two who demote each other one is refused."""
    admins = await session.scalars(select(Technician.id).where(Technician.role == ADMIN, Technician.active))
    rows = await lock_rows(session, Technician, [technician_id, *admins])
    person = next((row for row in rows if row.id == technician_id), None)
    return person, [row for row in rows if row.role == ADMIN and row.active]


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


async def set_preferences(ctx: Context, technician: Technician, delays_replies: object) -> None:
    """Set whether the technician can undo every reply for a moment; raises Invalid."""
    if not isinstance(delays_replies, bool):
        raise Invalid("delays_replies must be true or false; nothing was changed.")
    async with ctx.db.write() as session:
        (await session.get_one(Technician, technician.id)).delays_replies = delays_replies


async def set_availability(ctx: Context, technician: Technician, availability: object) -> None:
    """Set the technician's own availability, which colleagues see; nobody waits for who is not there.

    Raises Invalid.
    """
    if not is_one_of(availability, AVAILABILITY):
        raise Invalid(f"availability must be one of {', '.join(AVAILABILITY)}; nothing was changed.")
    now = ctx.clock()
    async with ctx.db.write() as session:
        row = await session.get_one(Technician, technician.id)
        row.availability = str(availability)
        details = {"availability": row.availability}
        audit.record(session, audit.technician_actor(technician), "technician.availability", now, details=details)
    await assignment.leave(ctx, technician.id, str(availability))
