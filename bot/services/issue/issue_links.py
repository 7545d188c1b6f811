"""Read the duplicates of an issue and the issue that is worked on."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import HandOff, Issue, IssueLink

DUPLICATE = "duplicate"


async def kept_for(session: AsyncSession, issue: Issue) -> Issue:
    """Return the issue that is worked on for this one: itself, unless it is a duplicate."""
    query = (
        select(Issue)
        .join(IssueLink, IssueLink.other_id == Issue.id)
        .where(IssueLink.issue_id == issue.id, IssueLink.kind == DUPLICATE)
    )
    return await session.scalar(query) or issue


async def conversations_of_duplicates(session: AsyncSession, conversation_id: str) -> list[str]:
    """Return the ids of the conversations of its issues' duplicates, without loading a row that is locked later."""
    held = select(HandOff.issue_id).where(HandOff.conversation_id == conversation_id, HandOff.ended_at.is_(None))
    query = (
        select(Issue.conversation_id)
        .join(IssueLink, IssueLink.issue_id == Issue.id)
        .where(IssueLink.other_id.in_(held), IssueLink.kind == DUPLICATE)
    )
    return list(await session.scalars(query))


async def duplicates_of(session: AsyncSession, issue: Issue) -> list[Issue]:
    """Return the issues that are the same matter as this one."""
    query = (
        select(Issue)
        .join(IssueLink, IssueLink.issue_id == Issue.id)
        .where(IssueLink.other_id == issue.id, IssueLink.kind == DUPLICATE)
    )
    return list(await session.scalars(query))
