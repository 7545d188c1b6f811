"""Issues at the desk: found by reference however it is written, by customer, by contact or by words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import CONTACT
from bot.services.conversation import rating
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.desk import collected_answers, link_issues, near_words, tags
from bot.services.desk.issue_filters import Filters, apply_filters, in_order
from bot.services.desk.labels import ENTITLEMENTS, IMPACTS, STATUSES, word_for
from bot.services.desk.product_choice import product_title
from bot.services.desk.timeline import timeline
from bot.services.technician import access
from bot.store.tables import Contract, Conversation, Customer, IntakeAnswer, Issue, Technician
from bot.triage.reading.tech_reference import spell_out

MOST = 50
MOST_EXPORTED = 20_000
# Databases take some thousands of values in one statement.
TAGS_AT_ONCE = 1000


async def revision_of(ctx: Context, technician: Technician, written: str) -> tuple[int, str]:
    """Return the issue's revision now, and the id of its conversation; raises as ``by_reference``."""
    async with ctx.db.read() as session:
        issue, conversation = await access.readable_issue(session, ctx, technician, written)
        return issue.revision, conversation.id


async def by_reference(ctx: Context, technician: Technician, written: str) -> dict[str, Any]:
    """Return the issue of a reference in any spelling; the reading is recorded.

    Raises Invalid (``bad_reference``) for what is none or has a wrong check digit, NotFound if it is unknown.
    """
    now = ctx.clock()
    async with ctx.db.write() as session:
        issue, _ = await access.readable_issue(session, ctx, technician, written)
        audit.record(session, audit.technician_actor(technician), access.READ, now, issue=issue)
    async with ctx.db.read() as session:
        asked = await collected_answers.asked_for(session, ctx, issue)
        holder = await session.get(Technician, issue.technician_id) if issue.technician_id else None
        conversation = await session.get_one(Conversation, issue.conversation_id)
        customer = await session.get_one(Customer, issue.customer_id)
        contract = await session.get(Contract, customer.contract_number) if customer.contract_number else None
        return {
            **issue_view(ctx, issue, holder.name if holder else None, asked.contact),
            **collected_answers.collect_answers(ctx, asked),
            "owner": conversation.owner,
            "customer": customer.name,
            "company": contract.company if contract else None,
            "tags": (await tags.tags_of(session, [issue.reference])).get(issue.reference, []),
            "links": await link_issues.linked_issues(session, issue),
            "rating": await rating.rating_of_issue(session, issue.id),
            "timeline": await timeline(session, ctx.office_for(issue), issue.conversation_id, issue.id),
        }


@dataclass(frozen=True)
class Found:
    """The newest issues that fit, how many fit in all, and the words that were searched instead of misspelt ones."""

    issues: list[dict[str, Any]]
    total: int
    meant: str | None = None


async def search_issues(ctx: Context, technician: Technician, filters: Filters, most: int = MOST) -> Found:
    """Return the newest issues that the filters let through, before ``filters.before``; the search is recorded.

    When no issue has the words, likely typing errors are put right. Raises Invalid for a filter that can be none.
    """
    async with ctx.db.read(long=True) as session:
        found = await _search(session, ctx, technician, filters, most)
        if not found.total and filters.query and (meant := await near_words.correct(session, filters.query)):
            instead = await _search(session, ctx, technician, replace(filters, query=meant), most)
            found = replace(instead, meant=meant) if instead.total else found
    await _record(ctx, technician, "desk.search", filters, len(found.issues))
    return found


async def _search(session: AsyncSession, ctx: Context, technician: Technician, filters: Filters, most: int) -> Found:
    narrowed = apply_filters(issue_rows(), filters, ctx, technician.id).add_columns(func.count().over().label("total"))
    rows = (await session.execute(in_order(narrowed, filters, most))).all()
    return Found(await _shown_rows(session, ctx, rows), rows[0].total if rows else 0)


async def export_issues(ctx: Context, technician: Technician, filters: Filters) -> list[dict[str, Any]]:
    """Return every issue that the filters let through, the newest 20,000 at most; the export is recorded."""
    statement = apply_filters(issue_rows(), filters, ctx, technician.id)
    async with ctx.db.read(long=True) as session:
        whole = replace(filters, page=None)
        rows = (await session.execute(in_order(statement, whole, MOST_EXPORTED))).all()
        shown = await _shown_rows(session, ctx, rows)
    await _record(ctx, technician, "desk.export", filters, len(rows))
    return shown


async def _record(ctx: Context, technician: Technician, action: str, filters: Filters, found: int) -> None:
    """Lists hold names and contacts, so reading one leaves a row: which filters were used, not with what."""
    used = sorted(name for name, value in vars(filters).items() if value)
    async with ctx.db.write() as session:
        details = {"found": found, "by": used}
        audit.record(session, audit.technician_actor(technician), action, ctx.clock(), details=details)


def issue_rows() -> Select[Any]:
    """Return the query of issues with their customer, company, contact and holder."""
    contact = and_(IntakeAnswer.intake_id == Issue.intake_id, IntakeAnswer.question_id == CONTACT)
    return (
        select(
            Issue,
            Customer,
            Contract.company.label("company"),
            IntakeAnswer.value.label("contact"),
            Technician.name.label("holder"),
        )
        .join(Customer, Customer.id == Issue.customer_id)
        .outerjoin(Contract, Contract.number == Customer.contract_number)
        .outerjoin(IntakeAnswer, contact)
        .outerjoin(Technician, Technician.id == Issue.technician_id)
    )


async def _shown_rows(session: AsyncSession, ctx: Context, rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    shown = [_shown_row(ctx, row) for row in rows]
    given: dict[str, list[tags.TagView]] = {}
    for some in batched(shown, TAGS_AT_ONCE):
        given |= await tags.tags_of(session, [one["reference"] for one in some])
    return [{**one, "tags": given.get(one["reference"], [])} for one in shown]


def batched(rows: Sequence[dict[str, Any]], size: int) -> Iterator[Sequence[dict[str, Any]]]:
    """Yield the rows in lists of ``size`` at most."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _shown_row(ctx: Context, row: Row[Any]) -> dict[str, Any]:
    customer = row.Customer
    contact = row.contact or customer.email or customer.phone or ""
    return {
        **issue_view(ctx, row.Issue, row.holder, contact),
        "id": row.Issue.id,
        "customer": customer.name,
        "customer_id": customer.id,
        "company": row.company,
    }


def issue_view(ctx: Context, issue: Issue, technician_name: str | None, contact: str) -> dict[str, Any]:
    """Return an issue as lists and pages of the desk show it."""
    return {
        "reference": issue.reference,
        "reference_spoken": spell_out(issue.reference),
        "revision": issue.revision,
        "title": issue.title,
        "status": issue.status,
        "status_text": word_for(STATUSES, issue.status),
        "product": issue.product,
        "product_title": product_title(ctx.support, issue.product),
        "category": issue.category,
        "category_title": ctx.support.category_title(issue.category),
        "urgent": ctx.support.is_urgent(issue.category),
        "team": issue.team,
        "team_title": ctx.support.team_title(issue.team),
        "entitlement": issue.entitlement,
        "entitlement_text": word_for(ENTITLEMENTS, issue.entitlement),
        "impact": issue.impact,
        "impact_text": word_for(IMPACTS, issue.impact),
        "technician": technician_name,
        "contact": contact,
        "details_complete": issue.details_complete,
        "known_problem": issue.known_problem_id is not None,
        "waiting_until": issue.waiting_until.isoformat() if issue.waiting_until else None,
        "reminded": issue.reminded_at is not None,
        "conversation_id": issue.conversation_id,
        "created_at": issue.created_at.isoformat(),
        "updated_at": issue.updated_at.isoformat(),
        "resolved_at": issue.resolved_at.isoformat() if issue.resolved_at else None,
    }
