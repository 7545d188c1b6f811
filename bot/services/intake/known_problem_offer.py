"""Which known problems are in force, and the links of issues and drafts to them."""

from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.intake.draft import Draft
from bot.services.outbox.items import enqueue_news
from bot.store.locks import lock_issues, lock_row
from bot.store.tables import Issue, KnownProblem, KnownProblemUpdate

PUBLISHED, RESOLVED, WITHDRAWN = "published", "resolved", "withdrawn"
UPDATE, OVER = "update", "over"


def in_force(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Published, and its end, if it has one, not reached."""
    return (KnownProblem.state == PUBLISHED) & or_(KnownProblem.ends_at.is_(None), KnownProblem.ends_at > now)


def concerns(product: str | None) -> ColumnElement[bool]:
    """Return the condition that it may be met with a product; with one that nobody knows, only if it names none."""
    return (
        KnownProblem.product.is_(None) if product is None else func.coalesce(KnownProblem.product, product) == product
    )


async def link_issue(session: AsyncSession, issue: Issue, problem_id: int, actor: str, now: datetime) -> None:
    """Link a locked issue to a known problem and audit it; linking twice changes nothing.

    Updates since the issue was logged are queued for it. What is older its customer reads in the problem's text.
    """
    if issue.known_problem_id == problem_id:
        return
    issue.known_problem_id, issue.updated_at = problem_id, now
    details = {"problem": problem_id}
    audit.record(session, actor, "issue.known_problem", now, issue_id=issue.id, details=details)
    await enqueue_missed_news(session, issue, problem_id, issue.created_at, now)


async def enqueue_missed_news(
    session: AsyncSession, issue: Issue, problem_id: int, since: datetime, now: datetime
) -> None:
    """Queue for an issue the updates of its problem since a moment, and that it is over, whenever that was.

    It locks the problem, after the issue: who posts an update locks it too, and either finds the issue linked or has
    posted before this looks.
    """
    await lock_issues(session, [issue.id])
    await lock_row(session, KnownProblem, problem_id)
    missed = select(KnownProblemUpdate.id).where(
        KnownProblemUpdate.problem_id == problem_id,
        or_(KnownProblemUpdate.created_at >= since, KnownProblemUpdate.kind == OVER),
    )
    for update_id in await session.scalars(missed.order_by(KnownProblemUpdate.id)):
        await enqueue_news(session, update_id, issue, now)


async def link_draft(session: AsyncSession, draft: Draft, problem_id: int, now: datetime) -> None:
    """Link what the customer says is theirs: the issue, now or when it is logged, belongs to the problem.

    Only the most needed questions are still asked.
    """
    draft.intake.known_problem_id = problem_id
    draft.shorten()
    if draft.issue is not None:
        await link_issue(session, draft.issue, problem_id, "customer", now)
