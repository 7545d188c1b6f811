"""Technicians' accounts: who may sign in at the desk, in which role and team."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import BadEmail, BadName, BadRole, BadTeam, EmailExists, NotFound
from bot.services.core.input_values import is_one_of
from bot.services.technician import passwords
from bot.store.tables import DeskSession, Technician
from bot.store.unit_of_work import unit_of_work

ROLES = ("technician", "supervisor", "admin")
COMMAND_LINE = "command line"


async def add_technician(
    ctx: Context,
    *,
    email: str,
    name: str,
    password: str,
    role: str = "technician",
    team: str | None = None,
    actor: str = COMMAND_LINE,
) -> Technician:
    """Add an account that can sign in at once.

    Raises Invalid for an invalid field, Conflict (``email_exists``) when the e-mail is in use.
    """
    email, name = checked_email(email), checked_name(name)
    check_place(ctx, role, team)
    passwords.check_password(password, email=email)
    password_hash = await passwords.hash_password(password)
    return await _add(ctx, email=email, name=name, password_hash=password_hash, role=role, team=team, actor=actor)


async def add_in(
    session: AsyncSession,
    ctx: Context,
    *,
    email: str,
    name: str,
    password_hash: str,
    role: str,
    team: str | None,
    actor: str,
) -> Technician:
    """Add an account whose fields were checked; raises Conflict (``email_exists``)."""
    now = ctx.clock()
    added = Technician(email=email, name=name, password_hash=password_hash, role=role, team=team, created_at=now)
    session.add(added)
    try:
        await session.flush()
    except IntegrityError as error:
        message = f"There is a technician with the e-mail {email} already; nothing was changed."
        raise EmailExists(message) from error
    audit.record(session, actor, "technician.add", now, details={"technician": added.id, "role": role})
    return added


_add = unit_of_work()(add_in)


async def set_password(ctx: Context, *, email: str, password: str, actor: str = COMMAND_LINE) -> Technician:
    """Set a technician's password and end all their sessions; raise NotFound or Invalid."""
    email = checked_email(email)
    passwords.check_password(password, email=email)
    password_hash = await passwords.hash_password(password)
    return await _set_password(ctx, email=email, password_hash=password_hash, actor=actor)


async def set_password_in(
    session: AsyncSession, ctx: Context, *, email: str, password_hash: str, actor: str
) -> Technician:
    """Give a technician a password that was checked and end every session they have; raises NotFound."""
    technician = await by_email(session, email)
    if technician is None:
        raise NotFound(f"There is no technician with the e-mail {email}; nothing was changed.")
    technician.password_hash = password_hash
    await session.execute(delete(DeskSession).where(DeskSession.technician_id == technician.id))
    details = {"technician": technician.id}
    audit.record(session, actor, "technician.password", ctx.clock(), details=details)
    return technician


_set_password = unit_of_work()(set_password_in)


async def list_technicians(ctx: Context) -> Sequence[Technician]:
    """Return every technician by name."""
    async with ctx.db.read() as session:
        return list(await session.scalars(select(Technician).order_by(Technician.name, Technician.id)))


async def by_email(session: AsyncSession, email: str) -> Technician | None:
    query = select(Technician).where(Technician.email == normal_email(email))
    return (await session.scalars(query)).one_or_none()


def technician_view(technician: Technician) -> dict[str, Any]:
    """Return a technician's own account, as the desk shows it."""
    return {
        "id": technician.id,
        "name": technician.name,
        "email": technician.email,
        "role": technician.role,
        "team": technician.team,
        "availability": technician.availability,
    }


def normal_email(email: str) -> str:
    """Return the normal form under which an e-mail address is stored and looked up.

    JSON may hold lone surrogates, which no database takes; no address has a question mark in their place.
    """
    return email.encode("utf-8", "replace").decode().strip().lower()


def checked_email(email: str) -> str:
    """Return the normal form of an e-mail address; raise Invalid (``bad_email``)."""
    normal = normal_email(email)
    name, at, host = normal.rpartition("@")
    if not (at and name and host) or len(normal) > 320 or any(char.isspace() for char in normal):
        raise BadEmail("The e-mail must look like name@company.example; nothing was changed.")
    if not normal.isprintable():
        raise BadEmail("The e-mail holds characters that cannot be read; nothing was changed.")
    return normal


def checked_name(name: str) -> str:
    """Return a name that customers can read; raise Invalid (``bad_name``)."""
    clean = " ".join(name.split())
    if not 1 <= len(clean) <= 100 or not clean.isprintable():
        raise BadName("The name must have 1 to 100 readable characters; customers see it.")
    return clean


def check_place(ctx: Context, role: str, team: str | None) -> None:
    """Raise Invalid unless role and team exist."""
    if role not in ROLES:
        raise BadRole(f"The role must be one of {', '.join(ROLES)}; nothing was changed.")
    if team is not None and not is_one_of(team, ctx.support.team_titles):
        known = ", ".join(ctx.support.team_titles)
        raise BadTeam(f"There is no such team in support.yml; its teams are {known}. Nothing was changed.")
