"""``/healthz``: this process lives. ``/readyz``: everything that a turn needs is there, each by name."""

import asyncio

import httpx
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.services.context import Context
from bot.services.engine import SECRET_HEADER
from knowledge_base.search import IndexUnavailable

health = Blueprint("health")
CHECK_SECONDS = 3.0


@health.get("/healthz")
async def healthz(_request: Request) -> HTTPResponse:
    return json({"status": "alive"})


@health.get("/readyz")
async def readyz(request: Request) -> HTTPResponse:
    """200 only when all of it is up; the search is named but not needed: a turn goes on without it.

    A channel that is off is no fault; ``channels`` says what each one lacks.
    """
    ctx: Context = request.app.ctx.techref
    database, rasa, actions, index = await asyncio.gather(
        _database(ctx), request.app.ctx.engine.ready(), _actions(ctx, request.app.ctx.engine.client), _index(ctx)
    )
    needed = {"database": database, "rasa": rasa, "actions": actions}
    checks = {name: "up" if up else "down" for name, up in {**needed, "manual_index": index}.items()}
    ready = all(needed.values())
    channels = {one.name: "on" if one.is_on else f"off: {one.off_because}" for one in request.app.ctx.channels}
    return json({"ready": ready, "checks": checks, "channels": channels}, status=200 if ready else 503)


async def _database(ctx: Context) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS), ctx.db.read() as session:
            await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, TimeoutError, OSError):
        return False
    return True


async def _actions(ctx: Context, client: httpx.AsyncClient) -> bool:
    """The action server answers its health check to whoever has the secret."""
    url = f"http://127.0.0.1:{ctx.settings.actions_port}/health"
    try:
        answer = await client.get(
            url, headers={SECRET_HEADER: ctx.settings.internal_secret or ""}, timeout=CHECK_SECONDS
        )
    except httpx.HTTPError:
        return False
    return answer.status_code == 200


async def _index(ctx: Context) -> bool:
    try:
        await ctx.manual.search()
    except IndexUnavailable:
        return False
    return True
