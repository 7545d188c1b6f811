"""Issues at the desk: found by reference however it is written, by customer, by contact or by words."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from bot.services import audit, desk_answers, draft
from bot.services.context import Context
from bot.services.desk_queue import category_title, team_title
from bot.services.desk_timeline import timeline
from bot.services.desk_words import ENTITLEMENTS, IMPACTS, STATUSES, word_for
from bot.services.errors import Invalid, NotFound
from bot.store.tables import (
    Contract,
    Conversation,
    Customer,
    IntakeAnswer,
    Issue,
    Message,
    Technician,
)
from bot.triage.tech_reference import find_references, spell_out

MOST = 50
MOST_WORDS = 6
QUERY_LIMIT = 200


async def by_reference(ctx: Context, technician: Technician, written: str) -> dict[str, Any]:
    """The issue of a reference in any spelling; the reading is recorded.

    Raises Invalid (``bad_reference``) for what is none or has a wrong check digit, NotFound if it is unknown.
    """
    reference = read_reference(written)
    now = ctx.clock()
    async with ctx.db.write() as session:
        issue = await session.scalar(select(Issue).where(Issue.reference == reference))
        if issue is None:
            raise NotFound(f"No issue has the reference {reference}.")
        conversation = await session.get_one(Conversation, issue.conversation_id)
        audit.record(
            session,
            audit.technician(technician),
            "desk.read",
            now,
            conversation=conversation,
            issue_id=issue.id,
        )
    async with ctx.db.read() as session:
        asked = await desk_answers.asked_for(session, ctx, issue)
        holder = await session.get(Technician, issue.technician_id) if issue.technician_id else None
        return {
            **shown(ctx, issue, holder.name if holder else None, asked.contact),
            **desk_answers.collected(ctx, asked),
            "timeline": await timeline(session, issue.conversation_id, issue.id),
        }


def read_reference(written: str) -> str:
    """The reference in whatever spelling; raises Invalid (``bad_reference``)."""
    found = find_references(written[:QUERY_LIMIT])
    valid = next((one for one in found if one.valid), None)
    if valid is not None:
        return valid.reference
    if found:
        raise Invalid(
            f"{found[0].reference} cannot be right: a digit is wrong or missing. Ask for it again.",
            "bad_reference",
        )
    raise Invalid("That is not a Tech Reference; one looks like TR-483-920-179.", "bad_reference")


async def search(ctx: Context, technician: Technician, query: str, status: str | None = None) -> list[dict[str, Any]]:
    """The newest 50 issues that hold every word of the query: in title, answers, customer, company, messages.

    A query that holds a reference finds that issue. An empty one lists the newest. Raises Invalid for an
    unknown status.
    """
    if status is not None and status not in STATUSES:
        raise Invalid(f"status must be one of {', '.join(STATUSES)}.")
    references = [one.reference for one in find_references(query[:QUERY_LIMIT]) if one.valid]
    statement = _query()
    if status is not None:
        statement = statement.where(Issue.status == status)
    if references:
        statement = statement.where(Issue.reference.in_(references))
    else:
        for word in query[:QUERY_LIMIT].split()[:MOST_WORDS]:
            statement = statement.where(_holds(word))
    now = ctx.clock()
    async with ctx.db.read() as session:
        rows = (await session.execute(statement.order_by(Issue.id.desc()).limit(MOST))).all()
    if query.strip():
        async with ctx.db.write() as session:
            details = {"found": len(rows)}
            audit.record(session, audit.technician(technician), "desk.search", now, details=details)
    return [_shown_row(ctx, row) for row in rows]


def _query() -> Select[Any]:
    contact = and_(IntakeAnswer.intake_id == Issue.intake_id, IntakeAnswer.question_id == draft.CONTACT)
    return (
        select(Issue, Customer, IntakeAnswer.value.label("contact"), Technician.name.label("holder"))
        .join(Customer, Customer.id == Issue.customer_id)
        .outerjoin(IntakeAnswer, contact)
        .outerjoin(Technician, Technician.id == Issue.technician_id)
    )


def _holds(word: str) -> ColumnElement[bool]:
    def has(column: Any) -> ColumnElement[bool]:
        found: ColumnElement[bool] = column.icontains(word, autoescape=True)
        return found

    # Its own alias: the list itself has the contact's answer joined to it.
    given = aliased(IntakeAnswer)
    answers = exists().where(given.intake_id == Issue.intake_id, has(given.value))
    messages = exists().where(Message.conversation_id == Issue.conversation_id, has(Message.text))
    company = exists().where(Contract.number == Customer.contract_number, has(Contract.company))
    customer = or_(has(Customer.name), has(Customer.email), has(Customer.phone))
    return or_(has(Issue.title), has(Issue.reference), customer, company, answers, messages)


def _shown_row(ctx: Context, row: Row[Any]) -> dict[str, Any]:
    customer = row.Customer
    contact = row.contact or customer.email or customer.phone or ""
    return {**shown(ctx, row.Issue, row.holder, contact), "customer": customer.name}


def shown(ctx: Context, issue: Issue, technician_name: str | None, contact: str) -> dict[str, Any]:
    """An issue as lists and pages of the desk show it."""
    return {
        "reference": issue.reference,
        "reference_spoken": spell_out(issue.reference),
        "title": issue.title,
        "status": issue.status,
        "status_text": word_for(STATUSES, issue.status),
        "category": issue.category,
        "category_title": category_title(ctx, issue.category),
        "team": issue.team,
        "team_title": team_title(ctx, issue.team),
        "entitlement": issue.entitlement,
        "entitlement_text": word_for(ENTITLEMENTS, issue.entitlement),
        "impact": issue.impact,
        "impact_text": word_for(IMPACTS, issue.impact),
        "technician": technician_name,
        "contact": contact,
        "details_complete": issue.details_complete,
        "conversation_id": issue.conversation_id,
        "created_at": issue.created_at.isoformat(),
        "updated_at": issue.updated_at.isoformat(),
        "resolved_at": issue.resolved_at.isoformat() if issue.resolved_at else None,
    }
