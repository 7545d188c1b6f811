"""Every night a backup, made by a process of its own while everything runs."""

from datetime import timedelta

from bot.gateway.workers.slow_command import run_slowly
from bot.services.core.context import Context
from bot.services.core.jobs import Job
from bot.services.upkeep import backups


class NightlyBackupFailed(Exception):
    """The command has written down why, for the desk and for `techref doctor`."""


async def back_up(ctx: Context) -> None:
    """Make tonight's backup, unless the operator wants none. Raises NightlyBackupFailed."""
    if ctx.support.backup.nightly and not (await run_slowly(ctx, ["backup"])).succeeded:
        raise NightlyBackupFailed


JOB = Job(
    backups.NIGHTLY,
    timedelta(days=1),
    back_up,
    # Another gateway begins anew only when this one must have died.
    lease=timedelta(hours=3),
    retry=timedelta(hours=1),
    at=lambda ctx, now: backups.next_time(ctx.support, now),
    apart=True,
)
