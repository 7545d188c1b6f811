"""Read customers' ratings of their issues."""

from typing import Any, TypedDict

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import Rating
from bot.triage.issue.issue_status import IssueStatus


async def rating_of_issue(session: AsyncSession, issue_id: int) -> dict[str, Any] | None:
    """Return the rating of an issue as the desk shows it."""
    kept = await session.scalar(select(Rating).where(Rating.issue_id == issue_id))
    if kept is None:
        return None
    return {"score": kept.score, "comment": kept.comment, "at": kept.updated_at.isoformat()}


class RatingRequest(TypedDict):
    """The rating that a resolved issue may have; ``score`` None when none was given yet."""

    score: int | None


async def rating_request(session: AsyncSession, issue_id: int | None, status: str | None) -> RatingRequest | None:
    """Return what the customer's state says: None when there is nothing to rate, else the score, None if not
    given yet.
    """
    if issue_id is None or status != IssueStatus.RESOLVED:
        return None
    return {"score": await session.scalar(select(Rating.score).where(Rating.issue_id == issue_id))}
