"""Words that were erased and still lie in SQLite's log of writes, until that has been emptied."""

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.core.jobs import Job
from bot.store.tables import ScheduledJob

NAME = "overwriting erased words"


class LogInUse(Exception):
    """Somebody reads the database, so its log of writes cannot be emptied yet; it is tried again."""


async def note_erased(session: AsyncSession, ctx: Context) -> None:
    """In the transaction that erases words: the log is to be emptied, and again until that succeeds."""
    await session.execute(update(ScheduledJob).where(ScheduledJob.name == NAME).values(due_at=ctx.clock()))


async def overwrite_erased(ctx: Context) -> None:
    """Empty the log of writes. Raises LogInUse, and is tried again then."""
    if not await ctx.db.overwrite_deleted():
        raise LogInUse("a reader keeps the log of writes in use")


# Every ten minutes also without a note: one that came while the job was ending would be lost otherwise.
JOB = Job(NAME, timedelta(minutes=10), overwrite_erased, retry=timedelta(seconds=20))
