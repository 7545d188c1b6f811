"""Trackers as administrators keep them: GitHub repositories and Jira projects, with tokens that are never shown."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit, outbound
from bot.services.core.context import Context
from bot.services.core.encryption import encrypt
from bot.services.core.errors import BadName, BadTeam, ChannelFailed, Invalid, NotFound
from bot.services.core.input_values import is_one_of
from bot.services.outbox.outcomes import NotNow, Refused
from bot.services.tracker.tracker_api import GITHUB, JIRA, KINDS, api_of
from bot.store.locks import lock_row
from bot.store.tables import Technician, Tracker
from bot.store.unit_of_work import unit_of_work
from bot.triage.text.plain_text import visible

GITHUB_URL = "https://api.github.com"
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")
_PROJECT = re.compile(r"[A-Z][A-Z0-9_]{1,99}")
NAME_LIMIT, URL_LIMIT, TOKEN_LIMIT, TYPE_LIMIT, ACCOUNT_LIMIT = 100, 2000, 1000, 60, 320


async def list_trackers(ctx: Context) -> list[dict[str, Any]]:
    """Return every tracker that is not removed, by name."""
    query = select(Tracker).where(Tracker.removed_at.is_(None)).order_by(Tracker.name, Tracker.id)
    async with ctx.db.read() as session:
        return [tracker_view(ctx, one) for one in await session.scalars(query)]


def tracker_view(ctx: Context, tracker: Tracker) -> dict[str, Any]:
    """Return a tracker as the desk shows it; ``events_url`` is where it sends what happens there."""
    return {
        "id": tracker.id,
        "kind": tracker.kind,
        "kind_title": KINDS[tracker.kind],
        "name": tracker.name,
        "url": tracker.url,
        "project": tracker.project,
        "issue_type": tracker.issue_type,
        "team": tracker.team,
        "account": tracker.account,
        "events_url": f"{ctx.settings.public_url or ''}/trackers/{tracker.id}/events",
    }


@unit_of_work()
async def add_tracker(
    session: AsyncSession, ctx: Context, admin: Technician, fields: Mapping[str, Any]
) -> tuple[dict[str, Any], str]:
    """Return a new tracker's view, and the secret that its events are signed with, which is not shown again.

    ``kind``, ``name``, ``url`` (GitHub's own by default), ``project``, ``issue_type``, ``team``, ``account``,
    ``token``. Raises Invalid.
    """
    now, secret, kind = ctx.clock(), secrets.token_urlsafe(32), fields.get("kind")
    if not is_one_of(kind, KINDS):
        raise Invalid(f"kind must be one of {', '.join(KINDS)}; nothing was added.")
    tracker = Tracker(
        kind=kind,
        project=_project(kind, fields.get("project")),
        secret=encrypt(ctx, secret),
        token=encrypt(ctx, _token(fields.get("token"))),
        technician_id=admin.id,
        created_at=now,
        **_changeable(ctx, kind, fields),
    )
    session.add(tracker)
    await session.flush()
    _record(session, admin, "tracker.add", now, tracker)
    return tracker_view(ctx, tracker), secret


@unit_of_work()
async def change_tracker(
    session: AsyncSession, ctx: Context, admin: Technician, tracker_id: int, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """Change name, address, type, team and account, and the token if one is written. Raises NotFound or Invalid."""
    tracker = await _locked(session, tracker_id)
    for name, value in _changeable(ctx, tracker.kind, fields).items():
        setattr(tracker, name, value)
    if fields.get("token"):
        tracker.token = encrypt(ctx, _token(fields.get("token")))
    _record(session, admin, "tracker.change", ctx.clock(), tracker)
    return tracker_view(ctx, tracker)


@unit_of_work()
async def renew_secret(session: AsyncSession, ctx: Context, admin: Technician, tracker_id: int) -> str:
    """Return a new secret for what comes from there; the old one proves nothing from now on. Raises NotFound."""
    tracker, secret = await _locked(session, tracker_id), secrets.token_urlsafe(32)
    tracker.secret = encrypt(ctx, secret)
    _record(session, admin, "tracker.secret", ctx.clock(), tracker)
    return secret


@unit_of_work()
async def remove_tracker(session: AsyncSession, ctx: Context, admin: Technician, tracker_id: int) -> None:
    """Let nothing go to a tracker or come from it any more; its links stay. Raises NotFound."""
    tracker = await _locked(session, tracker_id)
    tracker.removed_at, tracker.token, tracker.secret = ctx.clock(), "", ""
    _record(session, admin, "tracker.remove", ctx.clock(), tracker)


async def test_tracker(ctx: Context, tracker_id: int) -> str:
    """Look whether the token opens the place, and say what it is called. Raises NotFound or ChannelFailed."""
    async with ctx.db.read() as session:
        tracker = await session.get(Tracker, tracker_id)
    if tracker is None or tracker.removed_at is not None:
        raise NotFound("There is no such tracker.")
    try:
        found = await api_of(ctx, tracker).look()
    except (NotNow, Refused) as why:
        raise ChannelFailed(f"{tracker.name} was not opened: {why.code}. Look at the address and the token.") from why
    return f"{KINDS[tracker.kind]} knows {found}."


async def _locked(session: AsyncSession, tracker_id: int) -> Tracker:
    tracker = await lock_row(session, Tracker, tracker_id)
    if tracker is None or tracker.removed_at is not None:
        raise NotFound("There is no such tracker; nothing was changed.")
    return tracker


def _record(session: AsyncSession, admin: Technician, action: str, now: datetime, tracker: Tracker) -> None:
    audit.record(session, audit.technician_actor(admin), action, now, details={"tracker": tracker.id})


def _changeable(ctx: Context, kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    team = fields.get("team") or None
    if team is not None and not is_one_of(team, ctx.support.team_titles):
        raise BadTeam("There is no such team; nothing was changed.")
    jira = kind == JIRA
    return {
        "name": _line(fields.get("name"), "name", NAME_LIMIT, needed=True),
        "url": _url(fields.get("url") or (GITHUB_URL if kind == GITHUB else None)),
        "issue_type": _line(fields.get("issue_type"), "issue_type", TYPE_LIMIT) if jira else None,
        "account": _line(fields.get("account"), "account", ACCOUNT_LIMIT) if jira else None,
        "team": team,
    }


def _line(value: object, name: str, limit: int, *, needed: bool = False) -> str | None:
    written = " ".join(visible(value).split()) if isinstance(value, str) else ""
    if len(written) > limit or (needed and not written):
        raise BadName(f"{name} must be text of at most {limit} characters; nothing was changed.")
    return written or None


def _url(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= URL_LIMIT or not value.isprintable():
        raise Invalid("url must be an address that begins with https://; nothing was changed.")
    try:
        return outbound.check_address(value)
    except ValueError as error:
        raise Invalid(f"url: {error}; nothing was changed.") from error


def _project(kind: str, value: object) -> str:
    written, shape = value.strip() if isinstance(value, str) else "", _REPOSITORY if kind == GITHUB else _PROJECT
    if shape.fullmatch(written) is None:
        example = "owner/repository" if kind == GITHUB else "the key of a project such as QB"
        raise Invalid(f"project must be {example}; nothing was changed.")
    return written


def _token(value: object) -> str:
    written = value.strip() if isinstance(value, str) else ""
    if not 0 < len(written) <= TOKEN_LIMIT or not written.isascii() or not written.isprintable() or " " in written:
        raise Invalid("token must be an access token; nothing was changed.")
    return written
