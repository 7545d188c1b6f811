"""Offer a published known problem to a customer whose words fit it, and link the draft that accepts."""

from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.intake.draft import Draft
from bot.services.outbox.items import enqueue_news
from bot.store.locks import lock_issues, lock_row
from bot.store.tables import Issue, KnownProblemUpdate
from bot.store.tables import KnownProblem as KnownProblem
from bot.triage.reading.similarity import alike
from bot.triage.text.plain_text import fold

PUBLISHED, RESOLVED, WITHDRAWN = "published", "resolved", "withdrawn"
UPDATE, OVER = "update", "over"
VERSION = "product_version"


def in_force(now: datetime) -> ColumnElement[bool]:
    """Published, and its end, if it has one, not reached."""
    return (KnownProblem.state == PUBLISHED) & or_(KnownProblem.ends_at.is_(None), KnownProblem.ends_at > now)


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


async def offered_to(session: AsyncSession, ctx: Context, draft: Draft, message_id: int | None) -> KnownProblem | None:
    """Return the known problem that a draft's words may be about, once for each draft; it is marked as offered.

    The turn of the same message, tried again, is offered the same. A draft that names a problem's title ("that's mine"
    in the chat's banner) is linked to it at once.
    """
    offered = draft.intake.known_problem_offered
    if offered is not None:
        again = message_id is not None and offered["message"] == message_id
        return await session.get(KnownProblem, offered["problem"]) if again else None
    if not draft.problem:
        return None
    problems = list(await session.scalars(select(KnownProblem).where(in_force(ctx.clock())).order_by(KnownProblem.id)))
    named = next((one for one in problems if fold(one.title) in fold(draft.problem)), None)
    fitting = named or next((one for one in problems if _fits(draft, one)), None)
    if fitting is None:
        return None
    draft.intake.known_problem_offered = {"problem": fitting.id, "message": message_id}
    if named is not None:
        await link_draft(session, draft, named.id, ctx.clock())
    return fitting


def _fits(draft: Draft, problem: KnownProblem) -> bool:
    if problem.category and draft.intake.category and problem.category != draft.intake.category:
        return False
    version = draft.answers.get(VERSION)
    if problem.versions and version is not None and version.status == "answered":
        told = fold(version.value)
        if not any(fold(one) in told for one in problem.versions):
            return False
    return alike(draft.problem, f"{problem.title} {problem.text}") or alike(draft.problem, problem.title)


def is_offered(draft: Draft, problem_id: object) -> bool:
    """Return whether this very problem was offered for this draft."""
    offered = draft.intake.known_problem_offered
    return offered is not None and offered["problem"] == problem_id


async def link_draft(session: AsyncSession, draft: Draft, problem_id: int, now: datetime) -> None:
    """The customer says that it is theirs: the issue, now or when it is logged, belongs to the problem, and only the
    most needed questions are still asked."""
    draft.intake.known_problem_id = problem_id
    draft.shorten()
    if draft.issue is not None:
        await link_issue(session, draft.issue, problem_id, "customer", now)
