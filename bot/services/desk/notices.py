"""List the notices of a technician: who mentioned them, what was passed to them, what reminds them."""

from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.desk import mentions
from bot.services.queue.queue_order import WAITING
from bot.store.tables import HandOff, Issue, Technician
from bot.triage.issue.issue_status import IssueStatus

MOST = 40


class Notice(TypedDict):
    """One line of the notice centre. ``words``: what happened, ``said``: about what."""

    at: str
    words: str
    said: str
    conversation_id: str
    unread: bool


async def notices(ctx: Context, technician: Technician) -> list[Notice]:
    """Return the notices of the technician, unread ones first, then the newest."""
    async with ctx.db.read() as session:
        found = [
            *[_of_mention(one) for one in await mentions.mentions_of(session, ctx, technician)],
            *await _passed_to(session, technician),
            *await _reminders(session, technician),
        ]
    newest_first = sorted(found, key=lambda one: one["at"], reverse=True)
    return sorted(newest_first, key=lambda one: not one["unread"])[:MOST]


def _of_mention(mention: mentions.MentionView) -> Notice:
    return Notice(
        at=mention["at"],
        words=f"{mention['by']} mentioned you",
        said=mention["said"],
        conversation_id=mention["conversation_id"],
        unread=mention["unread"],
    )


async def _passed_to(session: AsyncSession, technician: Technician) -> list[Notice]:
    query = (
        select(HandOff, Issue)
        .join(Issue, Issue.id == HandOff.issue_id)
        .where(HandOff.state == WAITING, HandOff.for_technician_id == technician.id)
        .limit(MOST)
    )
    return [
        _notice(hand_off.created_at.isoformat(), "Waits for you", issue)
        for hand_off, issue in await session.execute(query)
    ]


async def _reminders(session: AsyncSession, technician: Technician) -> list[Notice]:
    query = select(Issue).where(
        Issue.technician_id == technician.id,
        Issue.reminded_at.is_not(None),
        Issue.status != IssueStatus.RESOLVED,
    )
    return [
        _notice(issue.reminded_at.isoformat(), "Reminds you", issue)
        for issue in await session.scalars(query.limit(MOST))
        if issue.reminded_at is not None
    ]


def _notice(at: str, words: str, issue: Issue) -> Notice:
    return Notice(
        at=at,
        words=words,
        said=f"{issue.reference} {issue.title}",
        conversation_id=issue.conversation_id,
        unread=True,
    )
