"""Keeps imported manuals fresh and the index true to the manual, in a process of its own.

Reading PDF files and embedding thousands of sections takes minutes of a core. The gateway answers customers, so it
only starts the command that does it, with the lowest claim to the processor, and looks in again later. The command
holds locks of its own, so it does no harm that a restarted gateway starts another.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from bot.gateway.workers.slow_command import run_slowly
from bot.installation.manual_index import index_is_stale
from bot.installation.manual_pages import manuals, stamp_of_all
from bot.services.core.context import Context
from bot.services.core.worker_threads import FILES
from bot.services.manual import manual_sources
from bot.services.manual.manual_place import manual_place
from knowledge_base.sources import Library
from knowledge_base.versions import POINTER

AFTER_A_FAILURE = timedelta(minutes=5)


@dataclass
class _Upkeep:
    """The state of one gateway's upkeep. A failed import is retried later, or at once when the manual changed."""

    task: asyncio.Task[None] | None = None
    failed: tuple[list[str], str] | None = None
    again_at: datetime | None = None


_upkeeps: WeakKeyDictionary[Context, _Upkeep] = WeakKeyDictionary()


async def keep_up(ctx: Context) -> None:
    """Start what is due, unless it is being done: imports first, for they change what is to be indexed."""
    upkeep = _upkeeps.setdefault(ctx, _Upkeep())
    if upkeep.task is not None and not upkeep.task.done():
        return
    command = await FILES.run(_due, ctx)
    if not command:
        return
    attempt = (command, await FILES.run(stamp_of_all, ctx.home, ctx.support))
    if attempt == upkeep.failed and upkeep.again_at is not None and ctx.clock() < upkeep.again_at:
        return
    upkeep.failed, upkeep.again_at = attempt, ctx.clock() + AFTER_A_FAILURE
    upkeep.task = asyncio.create_task(_done(ctx, upkeep, command))


async def _done(ctx: Context, upkeep: _Upkeep, command: list[str]) -> None:
    if (await run_slowly(ctx, command)).succeeded:
        upkeep.failed = None


def _due(ctx: Context) -> list[str]:
    for one in manuals(ctx.support):
        library = Library(manual_place(ctx.home, one))
        wanted = manual_sources.due_sources(library, ctx.clock(), ctx.support.office_hours.zone)
        if wanted and not library.is_importing():
            product = ["--product", one.product_id] if one.manual_folder and one.product_id else []
            return ["kb", "sync", *product, *wanted]
    # The first index is made by `techref up`, before there is a gateway.
    indexed = (ctx.home / "index" / POINTER).exists()
    return ["index"] if indexed and index_is_stale(ctx.home, ctx.support) else []


async def stop(ctx: Context) -> None:
    """End what is running; the next gateway begins it anew."""
    upkeep = _upkeeps.pop(ctx, None)
    if upkeep is not None and upkeep.task is not None and not upkeep.task.done():
        upkeep.task.cancel()
        await asyncio.gather(upkeep.task, return_exceptions=True)
