"""``/healthz``: this process lives. ``/readyz``: everything that a turn needs is there, each by name."""

import asyncio
from http import HTTPStatus

import aiohttp
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.gateway.routes import storage
from bot.gateway.supervise import Supervisor
from bot.services.core.context import Context
from bot.services.core.worker_threads import STORAGE_CHECK, ThreadsBusy
from bot.services.outbox import status
from bot.store.tables import OutboxItem
from knowledge_base.search import IndexUnavailable

health = Blueprint("health")
CHECK_SECONDS = 3.0


@health.head("/healthz", name="healthz_head")
@health.get("/healthz")
async def healthz(_request: Request) -> HTTPResponse:
    return json({"status": "alive"})


@health.head("/readyz", name="readyz_head")
@health.get("/readyz")
async def readyz(request: Request) -> HTTPResponse:
    """200 only when all that a turn needs is up: it goes on without the search, Redis, or a clock that is right.

    Of the storage a turn needs only what SQLite lies on. A channel that is off is no fault; ``channels`` says what each
    one lacks. ``background`` names each background loop with its state.
    """
    ctx: Context = request.app.ctx.techref
    database, rasa, actions, index, stored = await asyncio.gather(
        _database(ctx),
        request.app.ctx.engine.ready(),
        _actions(ctx, request.app.ctx.engine.client),
        _index(ctx),
        _storage(ctx),
    )
    up = {"database": database, "rasa": rasa, "actions": actions, "manual_index": index}
    told = request.app.ctx.other_gateways.connected()
    up |= {} if told is None else {"redis": told}
    checks = {name: "up" if is_up else "down" for name, is_up in up.items()}
    supervisor: Supervisor = request.app.ctx.supervisor
    checks |= {"outbox": await _outbox(ctx) if database else "down"}
    checks |= {"storage": stored, "clock": request.app.ctx.clock_watch.state, "background": supervisor.state}
    ready = database and rasa and actions and (stored in storage.USABLE or not ctx.db.is_sqlite)
    channels = {one.name: "on" if one.is_on else f"off: {one.off_because}" for one in request.app.ctx.channels}
    shown = {"ready": ready, "checks": checks, "channels": channels, "background": supervisor.states()}
    return json(shown, status=200 if ready else 503)


async def _database(ctx: Context) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS), ctx.db.read() as session:
            await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, TimeoutError, OSError):
        return False
    return True


async def _outbox(ctx: Context) -> str:
    """Return ``up``, or ``late`` when something has been queued for too long."""
    async with ctx.db.read() as session:
        late = await session.scalar(select(OutboxItem.id).where(status.is_late(ctx)).limit(1))
    return "up" if late is None else "late"


async def _storage(ctx: Context) -> str:
    """Return a network folder whose server is gone may not answer at all."""
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await STORAGE_CHECK.run(storage.state, ctx)
    except (TimeoutError, ThreadsBusy):
        return "down"


async def _actions(ctx: Context, client: aiohttp.ClientSession) -> bool:
    """Return the action server answers its health check to whoever has the secret, which the client sends."""
    url = f"http://127.0.0.1:{ctx.settings.actions_port}/health"
    try:
        async with client.get(url, timeout=aiohttp.ClientTimeout(total=CHECK_SECONDS)) as answer:
            return answer.status == HTTPStatus.OK
    except (aiohttp.ClientError, TimeoutError):
        return False


async def _index(ctx: Context) -> bool:
    try:
        await ctx.manual.search()
    except IndexUnavailable:
        return False
    return True
