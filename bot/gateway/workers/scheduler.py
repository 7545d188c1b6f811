"""Run the scheduled jobs of the product, each when it is due; one after the other, but for those that take long."""

import asyncio
import logging
from datetime import timedelta

from bot.gateway.workers import manual_upkeep, nightly_backup, requested_work
from bot.services.billing import payments
from bot.services.conversation import unread_notice
from bot.services.core import erased_words, jobs, log_format
from bot.services.core.cancellation import is_own_cancellation
from bot.services.core.context import Context
from bot.services.core.jobs import Job
from bot.services.hand_off import assignment, hours_notice, reminders, silence
from bot.services.privacy import retention
from bot.services.upkeep import housekeeping, paused_webhooks
from bot.settings.support.support import Support

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1.0

JOBS = [
    Job("housekeeping", timedelta(hours=1), housekeeping.remove_expired),
    Job("retention", timedelta(hours=6), retention.apply_retention, lease=timedelta(minutes=30)),
    erased_words.JOB,
    Job("open payments", timedelta(minutes=2), payments.settle_open),
    Job("unread replies", timedelta(seconds=20), unread_notice.enqueue_unread_mails),
    Job("silence rule", timedelta(seconds=20), silence.return_unanswered),
    Job("assignment", timedelta(seconds=5), assignment.assign_waiting),
    Job("closing time", timedelta(seconds=30), hours_notice.post_hours_notices),
    Job("manual", timedelta(seconds=10), manual_upkeep.keep_up),
    Job("requested work", timedelta(seconds=3), requested_work.look),
    Job("reminders", timedelta(minutes=1), reminders.mark_reminders),
    Job("paused webhooks", timedelta(minutes=5), paused_webhooks.mail_administrators),
    nightly_backup.JOB,
]


class Scheduler:
    """Looks every second; what is due and when lies in the database, so that a restart forgets nothing."""

    def __init__(self, ctx: Context, work: list[Job] | None = None) -> None:
        self._ctx, self._jobs = ctx, JOBS if work is None else work
        self._apart: dict[str, asyncio.Task[None]] = {}
        self._enrolled: Support | None = None

    async def look(self) -> None:
        """Run the jobs that are due. Their times are read again when support.yml has changed."""
        if self._enrolled is not (support := self._ctx.support):
            await jobs.register_jobs(self._ctx, self._jobs)
            self._enrolled = support
        due = await jobs.due_jobs(self._ctx)
        for job in self._jobs:
            if job.name not in due:
                continue
            if not job.apart:
                await self._one(job)
            elif job.name not in self._apart or self._apart[job.name].done():
                self._apart[job.name] = asyncio.create_task(self._one(job))

    async def stop(self) -> None:
        """Cancel the jobs that run beside the others; another gateway begins them again."""
        for task in self._apart.values():
            task.cancel()
        await asyncio.gather(*self._apart.values(), return_exceptions=True)

    async def _one(self, job: Job) -> None:
        try:
            await jobs.run_if_due(self._ctx, job)
        except (Exception, asyncio.CancelledError) as error:
            if is_own_cancellation(error):
                raise
            log.error("a job failed and is tried again", extra=log_format.log_fields(job=job.name), exc_info=error)
