"""Known problems: published once, shown to everybody, and one word to all who are affected.

An issue is linked when its customer says "that's mine", or by a technician; it keeps a reference of its own. An update
is queued in the outbox for each issue, so that a restart in the middle repeats nothing and leaves nobody out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import (
    BadCategory,
    BadEnd,
    BadText,
    BadTitle,
    BadVersions,
    Invalid,
    NotFound,
    ProblemOver,
)
from bot.services.core.input_values import is_one_of
from bot.services.intake import known_problem_offer
from bot.services.intake.known_problem_offer import OVER, PUBLISHED, RESOLVED, UPDATE, WITHDRAWN, in_force
from bot.services.outbox.items import enqueue_news
from bot.store.locks import lock_issues, lock_row
from bot.store.tables import IntakeAnswer, Issue, KnownProblemUpdate, Technician
from bot.store.tables import KnownProblem as KnownProblem
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.issue.issue_status import IssueStatus
from bot.triage.reading.similarity import groups
from bot.triage.reading.tech_reference import find_references

TITLE_LIMIT, TEXT_LIMIT, MOST_VERSIONS = 120, 2000, 20
SUGGEST_FROM, SUGGEST_WITHIN = 3, timedelta(hours=1)
RESOLVED_ISSUE = str(IssueStatus.RESOLVED)


@dataclass(frozen=True)
class Suggestion:
    """Similar issues of the last hour that belong to no known problem yet."""

    title: str
    category: str
    references: list[str]


async def current_known_problems(ctx: Context, product: str | None = None) -> list[dict[str, Any]]:
    """Return what every customer may read, newest first; of several products that of one."""
    in_force_now = in_force(ctx.clock()), known_problem_offer.concerns(product)
    query = select(KnownProblem).where(*in_force_now).order_by(KnownProblem.id.desc())
    async with ctx.db.read() as session:
        return [{"id": one.id, "title": one.title, "text": one.text} for one in await session.scalars(query)]


async def list_known_problems(ctx: Context) -> list[dict[str, Any]]:
    """Return all of them for the desk, with how many issues are linked and how many of those are open."""
    open_issues = func.count().filter(Issue.status != RESOLVED_ISSUE)
    counted = select(Issue.known_problem_id, func.count(), open_issues).group_by(Issue.known_problem_id)
    async with ctx.db.read() as session:
        rows = list(await session.scalars(select(KnownProblem).order_by(KnownProblem.id.desc()).limit(100)))
        numbers = {row[0]: (row[1], row[2]) for row in await session.execute(counted)}
        updates = select(KnownProblemUpdate).order_by(KnownProblemUpdate.id)
        told: dict[int, list[KnownProblemUpdate]] = {}
        for one in await session.scalars(updates.where(KnownProblemUpdate.problem_id.in_([row.id for row in rows]))):
            told.setdefault(one.problem_id, []).append(one)
    now = ctx.clock()
    return [
        {
            "id": one.id,
            "title": one.title,
            "text": one.text,
            "product_title": ctx.support.product_title(one.product),
            "category": one.category,
            "category_title": ctx.support.category_title(one.category) if one.category else None,
            "versions": one.versions,
            "state": _state(one, now),
            "ends_at": one.ends_at.isoformat() if one.ends_at else None,
            "created_at": one.created_at.isoformat(),
            "issues": numbers.get(one.id, (0, 0))[0],
            "open_issues": numbers.get(one.id, (0, 0))[1],
            "updates": [{"at": step.created_at.isoformat(), "text": step.text} for step in told.get(one.id, [])],
        }
        for one in rows
    ]


def _state(one: KnownProblem, now: datetime) -> str:
    return "ended" if one.state == PUBLISHED and one.ends_at is not None and one.ends_at <= now else one.state


@unit_of_work()
async def publish_known_problem(
    session: AsyncSession, ctx: Context, technician: Technician, fields: Mapping[str, object]
) -> KnownProblem:
    """Show it from now on; ``references`` are issues that it is linked to at once. Raises Invalid."""
    now = ctx.clock()
    wanted = [found.reference for found in find_references(str(fields.get("references") or "")) if found.valid]
    named = select(Issue.id).where(Issue.reference.in_(wanted))
    issues = await lock_issues(session, await session.scalars(named))
    problem = _new(ctx, technician, fields, now)
    session.add(problem)
    await session.flush()
    for issue in issues:
        await known_problem_offer.link_issue(session, issue, problem.id, audit.technician_actor(technician), now)
        after_commit(session, ctx.wake, issue.conversation_id)
    details = {"problem": problem.id}
    audit.record(session, audit.technician_actor(technician), "known_problem.publish", now, details=details)
    return problem


def _new(ctx: Context, technician: Technician, fields: Mapping[str, object], now: datetime) -> KnownProblem:
    return KnownProblem(
        title=_text(fields.get("title"), "title", TITLE_LIMIT, BadTitle).replace("\n", " "),
        text=_text(fields.get("text"), "text", TEXT_LIMIT, BadText),
        product=_product(ctx, fields.get("product")),
        category=_category(ctx, fields.get("category")),
        versions=_versions(fields.get("versions")),
        ends_at=_end(ctx, fields.get("ends_at"), now),
        technician_id=technician.id,
        created_at=now,
        updated_at=now,
    )


@unit_of_work()
async def post_update(
    session: AsyncSession, ctx: Context, technician: Technician, problem_id: int, text: object, *, over: bool = False
) -> None:
    """One update to everyone affected; with ``over`` it is resolved, and each is asked whether it works.

    Raises Invalid, NotFound, or Conflict when it is over already.
    """
    said, now = _text(text, "text", TEXT_LIMIT, BadText), ctx.clock()
    problem = await _open(session, problem_id)
    if over:
        problem.state, problem.resolved_at = RESOLVED, now
    problem.updated_at = now
    kind = OVER if over else UPDATE
    news = KnownProblemUpdate(problem_id=problem.id, kind=kind, text=said, technician_id=technician.id, created_at=now)
    session.add(news)
    await session.flush()
    affected = select(Issue).where(Issue.known_problem_id == problem.id, Issue.status != RESOLVED_ISSUE)
    for issue in await session.scalars(affected.order_by(Issue.id)):
        await enqueue_news(session, news.id, issue, now)
    details = {"problem": problem.id}
    audit.record(session, audit.technician_actor(technician), f"known_problem.{kind}", now, details=details)


@unit_of_work()
async def withdraw_known_problem(session: AsyncSession, ctx: Context, technician: Technician, problem_id: int) -> None:
    """No longer shown, and nobody is told: it was published by mistake. Linked issues stay linked."""
    now = ctx.clock()
    problem = await _open(session, problem_id)
    problem.state, problem.updated_at = WITHDRAWN, now
    details = {"problem": problem.id}
    audit.record(session, audit.technician_actor(technician), "known_problem.withdraw", now, details=details)


async def link_issue_within(
    session: AsyncSession, ctx: Context, technician: Technician, problem_id: int, reference: object
) -> None:
    """A technician says that an issue is this problem; raises NotFound or Conflict."""
    found = find_references(str(reference))
    now = ctx.clock()
    wanted = found[0].reference if found else ""
    named = select(Issue.id).where(Issue.reference == wanted)
    issues = await lock_issues(session, await session.scalars(named))
    if not issues:
        raise NotFound("No issue has this reference; nothing was changed.")
    (issue,) = issues
    problem = await _open(session, problem_id)
    await known_problem_offer.link_issue(session, issue, problem.id, audit.technician_actor(technician), now)
    after_commit(session, ctx.wake, issue.conversation_id)


link_issue = unit_of_work()(link_issue_within)


async def linkable_issue(session: AsyncSession, problem_id: int, reference: object) -> Issue:
    """Return the issue of a reference that can be linked to a known problem; raises NotFound or Conflict."""
    found = find_references(str(reference))
    issue = await session.scalar(select(Issue).where(Issue.reference == (found[0].reference if found else "")))
    if issue is None:
        raise NotFound("No issue has this reference; nothing was changed.")
    await _open(session, problem_id)
    return issue


async def _open(session: AsyncSession, problem_id: int) -> KnownProblem:
    problem = await lock_row(session, KnownProblem, problem_id)
    if problem is None:
        raise NotFound("There is no such known problem; nothing was changed.")
    if problem.state != PUBLISHED:
        raise ProblemOver("This known problem is over already; nothing was changed.")
    return problem


async def suggest_known_problems(ctx: Context) -> list[Suggestion]:
    """Three or more similar issues within the last hour that no known problem explains yet."""
    problem = (IntakeAnswer.intake_id == Issue.intake_id) & (IntakeAnswer.question_id == "problem")
    query = (
        select(Issue.id, Issue.reference, Issue.category, Issue.title, Issue.customer_id, IntakeAnswer.value)
        .outerjoin(IntakeAnswer, problem)
        .where(
            Issue.created_at > ctx.clock() - SUGGEST_WITHIN,
            Issue.known_problem_id.is_(None),
            Issue.status != RESOLVED_ISSUE,
        )
        .order_by(Issue.id)
        .limit(200)
    )
    async with ctx.db.read() as session:
        rows = {row.id: row for row in await session.execute(query)}
    found = []
    for group in groups({key: row.value or row.title for key, row in rows.items()}):
        members = [rows[key] for key in group]
        if len({row.customer_id for row in members}) >= SUGGEST_FROM:
            found.append(Suggestion(members[0].title, members[0].category, [row.reference for row in members]))
    return found


def _text(value: object, name: str, limit: int, bad: type[Invalid]) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text or len(text) > limit:
        raise bad(f"{name} must be text of 1 to {limit:,} characters; nothing was changed.")
    return text


def _product(ctx: Context, value: object) -> str | None:
    if value in (None, ""):
        return None
    if not is_one_of(value, ctx.support.products):
        raise Invalid("There is no such product in support.yml; nothing was changed.")
    return str(value)


def _category(ctx: Context, value: object) -> str | None:
    if value in (None, ""):
        return None
    if not is_one_of(value, {one.id for view in ctx.support.views for one in view.categories}):
        raise BadCategory("There is no such category in support.yml; nothing was changed.")
    return str(value)


def _versions(value: object) -> list[str]:
    parts = value.replace(",", " ").split() if isinstance(value, str) else value or []
    if not isinstance(parts, list) or len(parts) > MOST_VERSIONS or not all(isinstance(one, str) for one in parts):
        raise BadVersions("versions must be numbers such as 12.2.1, with commas; nothing was changed.")
    return [one[:40] for one in parts]


def _end(ctx: Context, value: object, now: datetime) -> datetime | None:
    if value in (None, ""):
        return None
    try:
        end = datetime.fromisoformat(str(value))
    except ValueError:
        raise BadEnd("ends_at must be a moment such as 2026-12-24T17:00; nothing was changed.") from None
    end = end if end.tzinfo else end.replace(tzinfo=ctx.support.office_hours.zone)
    if end <= now:
        raise BadEnd("The end lies in the past; nothing was changed.")
    return end
