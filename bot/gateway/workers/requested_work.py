"""Does what was requested at the desk: trains the dialogue model, indexes the manual, each in a process of its own.

One at a time, with the lowest claim to the processor: the gateway goes on answering customers, and the engine and the
search take up the result by themselves.
"""

import asyncio
import time
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from bot.gateway.workers.slow_command import run_slowly
from bot.installation.places import MODEL_LOCK
from bot.processes.only_one import is_preparing
from bot.services.core.context import Context
from bot.services.core.worker_threads import FILES
from bot.services.upkeep.requested_work import (
    Outcome,
    Request,
    Work,
    begin_request,
    end_request,
    pending_request,
)
from knowledge_base.versions import is_building

COMMANDS = {Work.TRAINING: ("train",), Work.INDEXING: ("index",)}


@dataclass
class _Doing:
    """The work that one gateway does now."""

    task: asyncio.Task[None] | None = None


_doings: WeakKeyDictionary[Context, _Doing] = WeakKeyDictionary()


async def look(ctx: Context) -> None:
    """Begin what is requested, unless this gateway or another process does such work."""
    doing = _doings.setdefault(ctx, _Doing())
    if doing.task is not None and not doing.task.done():
        return
    found = await FILES.run(_next, ctx)
    if found is not None:
        doing.task = asyncio.create_task(_do(ctx, *found))


async def stop(ctx: Context) -> None:
    """End what is running; the next gateway begins it anew."""
    doing = _doings.pop(ctx, None)
    if doing is not None and doing.task is not None and not doing.task.done():
        doing.task.cancel()
        await asyncio.gather(doing.task, return_exceptions=True)


def _next(ctx: Context) -> tuple[Work, Request] | None:
    for work in Work:
        request = pending_request(ctx.home, work)
        if request is not None and not _is_done_elsewhere(ctx, work):
            return work, request
    return None


def _is_done_elsewhere(ctx: Context, work: Work) -> bool:
    """Return True while another process does such work: a colleague's gateway, a command on the server."""
    return is_preparing(ctx.home, MODEL_LOCK) if work is Work.TRAINING else is_building(ctx.home / "index")


async def _do(ctx: Context, work: Work, request: Request) -> None:
    await FILES.run(begin_request, ctx, work, request)
    began = time.monotonic()
    ended = await run_slowly(ctx, [*COMMANDS[work], *request.options])
    outcome = Outcome(ctx.clock(), round(time.monotonic() - began), ended.succeeded, ended.said)
    await FILES.run(end_request, ctx, work, outcome)
