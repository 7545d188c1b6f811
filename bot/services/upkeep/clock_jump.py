"""Repair the due times after the machine's clock was set back."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.services.channel import incoming_files
from bot.services.core import rate_limits
from bot.services.core.backoff import LONGEST_WAIT_SECONDS
from bot.services.core.context import Context
from bot.services.core.jobs import Job, next_due
from bot.services.hand_off import pending_events
from bot.services.outbox import leases
from bot.services.outbox.items import QUEUED, WAITS
from bot.services.turn import conversation_lease
from bot.store.tables import Conversation, InboundEvent, IncomingFile, OutboxItem, ScheduledJob

Moment = InstrumentedAttribute[Any]
_LONGEST_SEND = timedelta(seconds=LONGEST_WAIT_SECONDS)
_LONGEST_BACKLOG = timedelta(seconds=rate_limits.LONGEST_BACKLOG_SECONDS)


async def repair_due_times(ctx: Context, jobs: Iterable[Job]) -> None:
    """End leases and waits that are further ahead than any of ours can be. Without a jump it changes nothing."""
    now = ctx.clock()
    rate_limits.token_buckets_of(ctx).reset()
    async with ctx.db.write() as session:
        for lease, longest in (
            (Conversation.lease_until, conversation_lease.LEASE),
            (OutboxItem.lease_until, leases.LEASE),
        ):
            await _bring_back(session, lease, now + longest, None)
        for due, longest, which in (
            (InboundEvent.not_before, _LONGEST_BACKLOG, InboundEvent.status == pending_events.PENDING),
            (IncomingFile.next_at, _LONGEST_SEND, IncomingFile.status == incoming_files.PENDING),
        ):
            await _bring_back(session, due, now + longest, now, which)
        for kind, (_, longest_wait) in WAITS.items():
            queued = (OutboxItem.state == QUEUED, OutboxItem.kind == kind)
            await _bring_back(session, OutboxItem.due_at, now + timedelta(seconds=longest_wait), now, *queued)
        for job in jobs:
            named = ScheduledJob.name == job.name
            await _bring_back(session, ScheduledJob.lease_until, now + job.lease, None, named)
            latest = next_due(ctx, job, now)
            await _bring_back(session, ScheduledJob.due_at, latest, latest if job.at else now, named)


async def _bring_back(
    session: AsyncSession, moment: Moment, latest: datetime, to: datetime | None, *which: Any
) -> None:
    await session.execute(update(moment.class_).where(moment > latest, *which).values({moment.key: to}))
