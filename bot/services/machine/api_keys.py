"""Keys with which machines use the API: made and revoked by an administrator, shown once, stored as a hash."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import BadApiKey, BadName, Invalid, NotFound, ScopeMissing
from bot.services.core.tokens import hash_token
from bot.store.locks import lock_row
from bot.store.tables import ApiKey, Technician
from bot.store.unit_of_work import unit_of_work
from bot.triage.text.plain_text import visible

ISSUES_READ, ISSUES_CREATE, ISSUES_RESOLVE = "issues:read", "issues:create", "issues:resolve"
NOTES_WRITE, REPORTS_READ = "notes:write", "reports:read"
CONTRACTS_READ, CONTRACTS_WRITE = "contracts:read", "contracts:write"
CONFIDENTIAL_READ = "confidential:read"
SCOPES: dict[str, str] = {
    ISSUES_READ: "List and read issues",
    ISSUES_CREATE: "Log an issue for somebody",
    ISSUES_RESOLVE: "Resolve an issue that nobody works on",
    NOTES_WRITE: "Add a private note to an issue",
    CONTRACTS_READ: "List contracts",
    CONTRACTS_WRITE: "Add and change contracts",
    REPORTS_READ: "Read the reports",
    CONFIDENTIAL_READ: "Read what was told in confidence as well",
}
BEGINNING = "trk_"
PREFIX_LENGTH = len(BEGINNING) + 8
NAME_LIMIT, LONGEST_DAYS = 100, 3650
# Written down once a minute at most: it says whether a key is still needed, and costs a transaction.
USE_NOTED_AFTER = timedelta(minutes=1)


def key_actor(key: ApiKey) -> str:
    """Return how a key is named as an actor of the audit."""
    return f"{audit.API_KEY}{key.id}"


async def list_keys(ctx: Context) -> list[dict[str, Any]]:
    """Return every key, those that open something first, the newest of them on top."""
    now = ctx.clock()
    query = select(ApiKey, Technician.name).join(Technician, Technician.id == ApiKey.technician_id)
    async with ctx.db.read() as session:
        found = (await session.execute(query.order_by(ApiKey.id.desc()))).all()
    shown = [key_view(key, maker, now) for key, maker in found]
    return sorted(shown, key=lambda one: one["state"] != "in_force")


def key_view(key: ApiKey, maker: str, now: datetime) -> dict[str, Any]:
    """Return a key as the desk shows it; ``state``: in_force, revoked or expired."""
    return {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": key.scopes,
        "made_by": maker,
        "state": _state(key, now),
        "created_at": key.created_at.isoformat(),
        "expires_at": key.expires_at.isoformat() if key.expires_at else None,
        "last_used_at": key.last_used_at.isoformat() if key.last_used_at else None,
        "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
    }


def _state(key: ApiKey, now: datetime) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= now else "in_force"


@unit_of_work()
async def make_key(
    session: AsyncSession, ctx: Context, admin: Technician, fields: Mapping[str, Any]
) -> tuple[dict[str, Any], str]:
    """Return a new key's view and the key itself, which is not shown again.

    ``name``, ``scopes``, and ``days`` until it expires, none for a key without an end. Raises Invalid.
    """
    now = ctx.clock()
    days = _days(fields.get("days"))
    token = f"{BEGINNING}{secrets.token_hex(4)}_{secrets.token_urlsafe(32)}"
    key = ApiKey(
        name=_name(fields.get("name")),
        prefix=token[:PREFIX_LENGTH],
        token_hash=hash_token(token),
        scopes=_scopes(fields.get("scopes")),
        technician_id=admin.id,
        created_at=now,
        expires_at=now + timedelta(days=days) if days else None,
    )
    session.add(key)
    await session.flush()
    details = {"api_key": key.id, "scopes": key.scopes}
    audit.record(session, audit.technician_actor(admin), "api_key.make", now, details=details)
    return key_view(key, admin.name, now), token


@unit_of_work()
async def revoke_key(session: AsyncSession, ctx: Context, admin: Technician, key_id: int) -> None:
    """Let the key open nothing from now on; raises NotFound."""
    now, key = ctx.clock(), await lock_row(session, ApiKey, key_id)
    if key is None:
        raise NotFound("There is no such key; nothing was revoked.")
    if key.revoked_at is None:
        key.revoked_at = now
        audit.record(session, audit.technician_actor(admin), "api_key.revoke", now, details={"api_key": key.id})


async def find_key(ctx: Context, token: str) -> ApiKey:
    """Return the key in force; its use is noted. Raises BadApiKey."""
    now = ctx.clock()
    async with ctx.db.read() as session:
        key = await session.scalar(select(ApiKey).where(ApiKey.token_hash == hash_token(token)))
    if key is None:
        raise BadApiKey("There is no such API key; nothing was done. Check that it was copied whole.")
    if (state := _state(key, now)) != "in_force":
        raise BadApiKey(f"This API key is {state}; nothing was done. Have another made at the desk.")
    if key.last_used_at is None or now - key.last_used_at >= USE_NOTED_AFTER:
        async with ctx.db.write() as session:
            (await session.get_one(ApiKey, key.id)).last_used_at = now
    return key


def require_scope(key: ApiKey, scope: str) -> None:
    """Raise ScopeMissing unless the key has the scope."""
    if scope not in key.scopes:
        raise ScopeMissing(
            f"This API key may not do that: it lacks the scope {scope}. Nothing was done; make a key that has it."
        )


def _name(value: object) -> str:
    name = " ".join(visible(value).split()) if isinstance(value, str) else ""
    if not 0 < len(name) <= NAME_LIMIT:
        raise BadName(f"Give the key a name of at most {NAME_LIMIT} characters, such as the program that uses it.")
    return name


def _scopes(value: object) -> list[str]:
    wanted = value if isinstance(value, list) else []
    if not wanted or any(not isinstance(one, str) or one not in SCOPES for one in wanted):
        raise Invalid(f"scopes must name at least one of {', '.join(SCOPES)}; no key was made.")
    return [one for one in SCOPES if one in wanted]


def _days(value: object) -> int:
    if value in (None, ""):
        return 0
    written = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    days = int(written) if written.isascii() and written.isdigit() and len(written) <= 4 else 0
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(f"days must be a whole number from 1 to {LONGEST_DAYS}, or empty; no key was made.")
    return days
