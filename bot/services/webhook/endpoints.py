"""Webhooks as administrators keep them: addresses with their events, secrets that are shown once, a test."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit, outbound
from bot.services.core.context import Context
from bot.services.core.encryption import encrypt
from bot.services.core.errors import BadName, ChannelFailed, Invalid, NotFound
from bot.services.webhook.webhook_events import EVENTS, PING, body_of
from bot.services.webhook.webhook_sender import deliver
from bot.store.locks import lock_row
from bot.store.tables import Technician, WebhookEndpoint
from bot.store.unit_of_work import unit_of_work
from bot.triage.text.plain_text import visible

NAME_LIMIT, URL_LIMIT, MOST = 100, 2000, 50


async def list_endpoints(ctx: Context) -> list[dict[str, Any]]:
    """Return every webhook by name, never its secret."""
    async with ctx.db.read() as session:
        found = await session.scalars(select(WebhookEndpoint).order_by(WebhookEndpoint.name, WebhookEndpoint.id))
        return [endpoint_view(one) for one in found]


def endpoint_view(endpoint: WebhookEndpoint) -> dict[str, Any]:
    """Return a webhook as the desk shows it; ``state``: on, failing or paused."""
    state = "paused" if endpoint.paused_at else "failing" if endpoint.failing_since else "on"
    return {
        "id": endpoint.id,
        "name": endpoint.name,
        "url": endpoint.url,
        "events": endpoint.events,
        "state": state,
        "failing_since": _moment(endpoint.failing_since),
        "paused_at": _moment(endpoint.paused_at),
    }


@unit_of_work()
async def add_endpoint(
    session: AsyncSession, ctx: Context, admin: Technician, fields: Mapping[str, Any]
) -> tuple[dict[str, Any], str]:
    """Return a new webhook's view and its secret, which is not shown again. Raises Invalid."""
    now, secret = ctx.clock(), new_secret()
    if len(list(await session.scalars(select(WebhookEndpoint.id)))) >= MOST:
        raise Invalid(f"There may be {MOST} webhooks; remove one first. Nothing was added.")
    endpoint = WebhookEndpoint(
        name=_name(fields.get("name")),
        url=_url(fields.get("url")),
        events=_events(fields.get("events")),
        secret=encrypt(ctx, secret),
        technician_id=admin.id,
        created_at=now,
    )
    session.add(endpoint)
    await session.flush()
    _record(session, admin, "webhook.add", now, endpoint)
    return endpoint_view(endpoint), secret


@unit_of_work()
async def change_endpoint(
    session: AsyncSession, ctx: Context, admin: Technician, endpoint_id: int, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """Change name, address and events. Raises NotFound or Invalid."""
    endpoint = await _locked(session, endpoint_id)
    endpoint.name, endpoint.url = _name(fields.get("name")), _url(fields.get("url"))
    endpoint.events = _events(fields.get("events"))
    _record(session, admin, "webhook.change", ctx.clock(), endpoint)
    return endpoint_view(endpoint)


@unit_of_work()
async def renew_secret(session: AsyncSession, ctx: Context, admin: Technician, endpoint_id: int) -> str:
    """Return a new secret, which signs from the next request on. Raises NotFound."""
    endpoint, secret = await _locked(session, endpoint_id), new_secret()
    endpoint.secret = encrypt(ctx, secret)
    _record(session, admin, "webhook.secret", ctx.clock(), endpoint)
    return secret


@unit_of_work()
async def resume_endpoint(session: AsyncSession, ctx: Context, admin: Technician, endpoint_id: int) -> None:
    """Send events to a paused webhook again. Raises NotFound."""
    endpoint = await _locked(session, endpoint_id)
    endpoint.paused_at = endpoint.failing_since = None
    _record(session, admin, "webhook.resume", ctx.clock(), endpoint)


@unit_of_work()
async def remove_endpoint(session: AsyncSession, ctx: Context, admin: Technician, endpoint_id: int) -> None:
    """Remove a webhook; what is queued for it is dropped. Raises NotFound."""
    endpoint = await _locked(session, endpoint_id)
    _record(session, admin, "webhook.remove", ctx.clock(), endpoint)
    await session.delete(endpoint)


async def test_endpoint(ctx: Context, endpoint_id: int) -> str:
    """Send an event named ping, and say what was answered. Raises NotFound, or ChannelFailed when it was not taken."""
    async with ctx.db.read() as session:
        endpoint = await session.get(WebhookEndpoint, endpoint_id)
    if endpoint is None:
        raise NotFound("There is no such webhook; nothing was sent.")
    number = f"evt_{secrets.token_hex(12)}"
    try:
        status = await deliver(ctx, endpoint, body_of(number, PING, ctx.clock(), "system", {}, None, False))
    except outbound.Unreachable as why:
        raise ChannelFailed(f"{endpoint.name} was not reached: {why.code}.{_remedy(why)}") from why
    if not 200 <= status < 300:
        raise ChannelFailed(f"{endpoint.name} answered {status}; an answer from 200 to 299 counts as taken.")
    return f"{endpoint.name} has taken the test: it answered {status}."


def _remedy(why: outbound.Unreachable) -> str:
    if not isinstance(why, outbound.NotAllowed):
        return ""
    return " An address in your own network must be in TECHREF_PRIVATE_NETWORKS, any other is reached by https only."


def new_secret() -> str:
    """Return a secret of 256 bits."""
    return f"whsec_{secrets.token_urlsafe(32)}"


async def _locked(session: AsyncSession, endpoint_id: int) -> WebhookEndpoint:
    endpoint = await lock_row(session, WebhookEndpoint, endpoint_id)
    if endpoint is None:
        raise NotFound("There is no such webhook; nothing was changed.")
    return endpoint


def _record(session: AsyncSession, admin: Technician, action: str, now: datetime, endpoint: WebhookEndpoint) -> None:
    audit.record(session, audit.technician_actor(admin), action, now, details={"webhook": endpoint.id})


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _name(value: object) -> str:
    name = " ".join(visible(value).split()) if isinstance(value, str) else ""
    if not 0 < len(name) <= NAME_LIMIT:
        raise BadName(f"Give it a name of at most {NAME_LIMIT} characters, such as the program that is told.")
    return name


def _url(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= URL_LIMIT or not value.isprintable():
        raise Invalid("url must be an address that begins with https://; nothing was changed.")
    try:
        return outbound.check_address(value)
    except ValueError as error:
        raise Invalid(f"url: {error}; nothing was changed.") from error


def _events(value: object) -> list[str]:
    wanted = value if isinstance(value, list) else []
    if not wanted or any(not isinstance(one, str) or one not in EVENTS for one in wanted):
        raise Invalid(f"events must name at least one of {', '.join(EVENTS)}; nothing was changed.")
    return [one for one in EVENTS if one in wanted]
