"""Work that is due by the clock: who may do it now, and when it is due again.

Whatever a job raises, also when its next time is computed, belongs to that job: its row keeps the error's type, and it
is tried again.

A job's row is leased with one compare-and-set, so that of several gateways one runs it, and a gateway that dies in
the middle loses nothing: when its lease has run out another begins the job anew. Jobs are therefore written so
that a second run does no harm.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update

from bot.services.core import log_format
from bot.services.core.cancellation import is_own_cancellation
from bot.services.core.context import Context
from bot.store.tables import ScheduledJob

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
RETRY = timedelta(minutes=1)


@dataclass(frozen=True)
class Job:
    """``run`` is called about every ``every``, or when the clock says ``at``; after a failure again within ``retry``.

    ``apart``: it takes so long that the other jobs do not wait for it.
    """

    name: str
    every: timedelta
    run: Callable[[Context], Awaitable[None]]
    lease: timedelta = LEASE
    retry: timedelta = RETRY
    at: Callable[[Context, datetime], datetime] | None = None
    apart: bool = False

    def next(self, ctx: Context, now: datetime) -> datetime:
        """When it is due again, once it has run."""
        return self.at(ctx, now) if self.at else now + self.every


async def register_jobs(ctx: Context, jobs: list[Job]) -> None:
    """Give every new job its row. Rows of jobs that are no more stay and do nothing.

    A new job is due at once, one of the clock at its time. When that time was put forward, it holds from now on.
    """
    now = ctx.clock()
    async with ctx.db.write() as session:
        rows = await session.scalars(select(ScheduledJob).with_for_update())
        known = {row.name: row for row in rows}
        for job in jobs:
            first = next_due(ctx, job, now) if job.at else now
            if job.name not in known:
                session.add(ScheduledJob(name=job.name, due_at=first))
            elif job.at:
                known[job.name].due_at = min(known[job.name].due_at, first)


def next_due(ctx: Context, job: Job, now: datetime) -> datetime:
    """Return when the job is due next; when its own rule raises, the end of its retry wait."""
    try:
        return job.next(ctx, now)
    except Exception as error:
        about = log_format.log_fields(job=job.name)
        log.error("the next time of a job cannot be computed", extra=about, exc_info=error)
        return now + job.retry


async def bring_forward(ctx: Context, name: str) -> None:
    """The job of this name is due now."""
    async with ctx.db.write() as session:
        await session.execute(update(ScheduledJob).where(ScheduledJob.name == name).values(due_at=ctx.clock()))


async def due_jobs(ctx: Context) -> set[str]:
    """Return the names of the jobs that are due and that nobody runs: one query however many jobs there are."""
    now = ctx.clock()
    async with ctx.db.read() as session:
        return set(await session.scalars(select(ScheduledJob.name).where(ScheduledJob.due_at <= now, _free(now))))


async def lease_job(ctx: Context, job: Job) -> datetime | None:
    """Lease the job if it is due and nobody runs it; the lease's end proves who holds it."""
    now = ctx.clock()
    until = now + job.lease
    mine = update(ScheduledJob).where(ScheduledJob.name == job.name, ScheduledJob.due_at <= now, _free(now))
    async with ctx.db.write() as session:
        taken = await session.scalar(mine.values(lease_until=until).returning(ScheduledJob.name))
    return until if taken else None


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(ScheduledJob.lease_until.is_(None), ScheduledJob.lease_until <= now)


async def finish_job(ctx: Context, job: Job, lease: datetime, failure: str | None = None) -> None:
    """Give the lease back and set when the job is due next; nothing changes if another holds it by now."""
    now = ctx.clock()
    try:
        due_at = job.next(ctx, now) if failure is None else min(job.next(ctx, now), now + job.retry)
    except Exception as error:
        about = log_format.log_fields(job=job.name)
        log.error("the next time of a job cannot be computed", extra=about, exc_info=error)
        due_at, failure = now + job.retry, failure or type(error).__name__
    values = {"due_at": due_at, "lease_until": None, "ran_at": now, "failure": failure}
    async with ctx.db.write() as session:
        await session.execute(
            update(ScheduledJob)
            .where(ScheduledJob.name == job.name, ScheduledJob.lease_until == lease)
            .values(**values)
        )


async def run_if_due(ctx: Context, job: Job) -> bool:
    """Run the job when it is due and free; whether it ran. What it raises is raised, after the row says so."""
    lease = await lease_job(ctx, job)
    if lease is None:
        return False
    try:
        await job.run(ctx)
    except (Exception, asyncio.CancelledError) as error:
        if is_own_cancellation(error):
            raise
        # The type only: a message may quote somebody's words.
        await finish_job(ctx, job, lease, failure=type(error).__name__)
        raise
    await finish_job(ctx, job, lease)
    return True
