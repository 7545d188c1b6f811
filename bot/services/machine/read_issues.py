"""Issues as machines read them: listed page by page, and one by its reference.

What was told in confidence is left out unless the key has ``confidential:read``, and a search by words does not look
into such issues: its hits would give the words away.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, func
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import CONTACT, PRIVATE_PROBLEM, PROBLEM, TECHNICIAN_ONLY
from bot.services.conversation import rating
from bot.services.core import audit
from bot.services.core.confided import has_confidence, has_private_words, is_confided
from bot.services.core.context import Context
from bot.services.core.errors import Invalid
from bot.services.core.input_values import whole_number
from bot.services.desk import collected_answers, link_issues
from bot.services.desk.issue_filters import ME, Filters, apply_filters, read_filters
from bot.services.desk.issue_search import issue_rows
from bot.services.intake import draft
from bot.services.machine.api_keys import CONFIDENTIAL_READ, key_actor
from bot.services.technician import access
from bot.store.tables import ApiKey, Contract, Customer, Issue, Technician
from bot.triage.text.print_lines import plain

MOST, USUAL = 100, 50
PROBLEMS = (PROBLEM, PRIVATE_PROBLEM)


@dataclass(frozen=True)
class IssuePage:
    """A page of issues, the newest first; ``next_cursor`` asks for the next, None on the last one."""

    issues: list[dict[str, Any]]
    total: int
    next_cursor: str | None


async def list_issues(ctx: Context, key: ApiKey, arguments: Mapping[str, Any]) -> IssuePage:
    """Return a page of the issues that the filters let through; the reading is recorded.

    ``cursor`` and ``limit`` besides the filters of the desk; ``total`` counts what is left from the cursor on. Raises
    Invalid.
    """
    limit, filters = _limit(arguments.get("limit")), _filters(arguments)
    confided = has_confidence()
    query = apply_filters(issue_rows(), filters, ctx, None)
    if filters.query and CONFIDENTIAL_READ not in key.scopes:
        query = query.where(~has_private_words())
    query = query.add_columns(func.count().over().label("total"), confided.label("confided"))
    async with ctx.db.read(long=True) as session:
        rows = (await session.execute(query.order_by(Issue.id.desc()).limit(limit))).all()
    used = sorted(name for name, value in vars(filters).items() if value)
    async with ctx.db.write() as session:
        details = {"found": len(rows), "by": used}
        audit.record(session, key_actor(key), "api.list", ctx.clock(), details=details)
    total = rows[0].total if rows else 0
    more = str(rows[-1].Issue.id) if total > len(rows) else None
    return IssuePage([_row_view(key, row) for row in rows], total, more)


async def read_issue(ctx: Context, key: ApiKey, reference: str) -> dict[str, Any]:
    """Return the issue of a reference in any spelling; the reading is recorded. Raises BadReference or NotFound."""
    async with ctx.db.write() as session:
        issue, _ = await access.logged_issue(session, reference)
        audit.record(session, key_actor(key), access.READ, ctx.clock(), issue=issue)
    async with ctx.db.read() as session:
        return await issue_in_full(session, ctx, key, issue)


async def issue_in_full(session: AsyncSession, ctx: Context, key: ApiKey, issue: Issue) -> dict[str, Any]:
    """Return the issue with what was answered, as far as the key may know it."""
    asked = await collected_answers.asked_for(session, ctx, issue)
    holder = await session.get(Technician, issue.technician_id) if issue.technician_id else None
    customer = await session.get_one(Customer, issue.customer_id)
    contract = await session.get(Contract, customer.contract_number) if customer.contract_number else None
    confided, allowed = await is_confided(session, issue.id), CONFIDENTIAL_READ in key.scopes
    open_ones = {name for name, answer in asked.answers.items() if allowed or answer.visibility != TECHNICIAN_ONLY}
    answers = collected_answers.collect_answers(ctx, asked)["answers"]
    known = asked.contact if CONTACT in open_ones or CONTACT not in asked.answers else None
    return {
        **issue_for_machines(issue, confided=confided, allowed=allowed),
        "technician": holder.name if holder else None,
        "customer": _customer_view(customer, contract.company if contract else None, known),
        "problem": _problem(asked, open_ones),
        "answers": [
            {name: one[name] for name in ("question_id", "label", "value", "status")}
            for one in answers
            if one["question_id"] in open_ones and one["question_id"] not in (*PROBLEMS, CONTACT)
        ],
        "withheld": len(asked.answers) - len(open_ones),
        "links": [
            {"reference": one["reference"], "kind": one["kind"]}
            for one in await link_issues.linked_issues(session, issue)
        ],
        "score": (await rating.rating_of_issue(session, issue.id) or {}).get("score"),
    }


def _problem(asked: draft.Draft, open_ones: Container[str]) -> str | None:
    """Return the parts of the problem that may be known; None when there is none."""
    parts = [asked.answers[name].value for name in PROBLEMS if name in asked.answers and name in open_ones]
    return plain("\n".join(parts)) if parts else None


def issue_for_machines(issue: Issue, *, confided: bool, allowed: bool) -> dict[str, Any]:
    """Return the codes and moments of an issue; its title only to who may know what was told in confidence."""
    return {
        "reference": issue.reference,
        "title": issue.title if allowed or not confided else None,
        "told_in_confidence": confided,
        "status": issue.status,
        "category": issue.category,
        "team": issue.team,
        "entitlement": issue.entitlement,
        "impact": issue.impact,
        "details_complete": issue.details_complete,
        "revision": issue.revision,
        "waiting_until": issue.waiting_until.isoformat() if issue.waiting_until else None,
        "created_at": issue.created_at.isoformat(),
        "updated_at": issue.updated_at.isoformat(),
        "resolved_at": issue.resolved_at.isoformat() if issue.resolved_at else None,
    }


def _row_view(key: ApiKey, row: Row[Any]) -> dict[str, Any]:
    allowed = CONFIDENTIAL_READ in key.scopes
    contact = row.contact if allowed or not row.confided else None
    return {
        **issue_for_machines(row.Issue, confided=row.confided, allowed=allowed),
        "technician": row.holder,
        "customer": _customer_view(row.Customer, row.company, contact),
    }


def _customer_view(customer: Customer, company: str | None, contact: str | None) -> dict[str, Any]:
    return {
        "id": customer.id,
        "name": customer.name,
        "company": company,
        "contract": customer.contract_number,
        "contact": contact or customer.email or customer.phone,
    }


def _filters(arguments: Mapping[str, Any]) -> Filters:
    filters = read_filters(arguments)
    if filters.technician == ME:
        raise Invalid("technician must be nobody or an id: a key is nobody's.")
    return replace(filters, before=str(arguments.get("cursor") or "") or None)


def _limit(written: object) -> int:
    if written in (None, ""):
        return USUAL
    limit = whole_number(written, 4)
    if limit is None or not 1 <= limit <= MOST:
        raise Invalid(f"limit must be a whole number from 1 to {MOST}.")
    return limit
