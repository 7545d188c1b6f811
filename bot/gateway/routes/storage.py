"""The readiness check of the folders that the gateway writes to."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from bot.services.core.context import Context

MEGABYTE = 1_000_000
LOW, FULL = 500 * MEGABYTE, 20 * MEGABYTE
# The worst first.
UP, STATES = "up", ("down", "read-only", "full", "low")
USABLE = (UP, "low")


def state(ctx: Context) -> str:
    """``up``, or the worst of what is wrong: ``down`` (a folder is gone), ``read-only``, ``full``, ``low`` (500 MB)."""
    return state_of(_folders(ctx))


def state_of(folders: Iterable[Path]) -> str:
    """Return the worst state of these folders."""
    found = {_one(folder) for folder in folders}
    return next((trouble for trouble in STATES if trouble in found), UP)


def _folders(ctx: Context) -> Iterable[Path]:
    yield from {ctx.settings.home, ctx.settings.local}
    if ctx.db.is_sqlite and ctx.db.url.database:
        yield Path(ctx.db.url.database).parent


def _one(folder: Path) -> str:
    try:
        free = shutil.disk_usage(folder).free
        read_only = bool(os.statvfs(folder).f_flag & os.ST_RDONLY) or not os.access(folder, os.W_OK)
    except OSError:
        return "down"
    if read_only:
        return "read-only"
    if free < FULL:
        return "full"
    return "low" if free < LOW else UP
