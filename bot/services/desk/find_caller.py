"""Look up who telephones: by telephone number in any spelling, contract, Tech Reference, e-mail or name."""

from collections.abc import Callable, Sequence
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import CONTACT
from bot.services.billing.contracts import state_of
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.desk.issue_filters import MOST_WORDS, telephone_numbers
from bot.services.desk.labels import STATUSES, word_for
from bot.services.technician.access import QUERY_LIMIT
from bot.store.folded import holds, holds_digits
from bot.store.tables import Contract, Customer, IntakeAnswer, Issue, Message, Technician
from bot.triage.billing.contract_number import number_key
from bot.triage.issue.issue_status import IssueStatus
from bot.triage.reading.tech_reference import find_references

MOST_CALLERS, MOST_ISSUES = 5, 3


class CallerIssue(TypedDict):
    """An issue of a caller; ``conversation_id`` is where it is worked on."""

    reference: str
    title: str
    status: str
    status_text: str | None
    conversation_id: str


class Caller(TypedDict):
    """The known facts of a customer. ``contract_state``: how the contract stands today; nothing of it proves who calls.

    ``contact``: the newest way to reach them that they gave. ``issues``: open ones first, then the newest.
    """

    id: int
    name: str | None
    email: str | None
    phone: str | None
    contact: str | None
    company: str | None
    contract: str | None
    contract_state: str | None
    issues: list[CallerIssue]


async def find_callers(ctx: Context, technician: Technician, written: str) -> list[Caller]:
    """Return the customers that fit, those with the newest issues first; the search is recorded without its words."""
    wanted = _wanted(written[:QUERY_LIMIT])
    if not wanted:
        return []
    async with ctx.db.read(long=True) as session:
        found = await _search(session, ctx, wanted)
    details = {"found": len(found), "by": ["caller"]}
    async with ctx.db.write() as session:
        audit.record(session, audit.technician_actor(technician), "desk.search", ctx.clock(), details=details)
    return found


async def _search(session: AsyncSession, ctx: Context, wanted: list[ColumnElement[bool]]) -> list[Caller]:
    newest = select(func.max(Issue.id)).where(Issue.customer_id == Customer.id).scalar_subquery()
    query = (
        select(Customer, Contract)
        .outerjoin(Contract, Contract.number == Customer.contract_number)
        .where(Customer.erased_at.is_(None), newest.is_not(None), *wanted)
        .order_by(newest.desc())
        .limit(MOST_CALLERS)
    )
    found = (await session.execute(query)).all()
    return [await _caller(session, ctx, row.Customer, row.Contract) for row in found]


def _wanted(written: str) -> list[ColumnElement[bool]]:
    """Return what must hold: a reference, a number or a contract decides by itself, words must all be there."""
    if references := [one.reference for one in find_references(written) if one.valid]:
        return [_has_issue(Issue.reference.in_(references))]
    has_contract = Contract.number_key == number_key(written)
    if numbers := telephone_numbers(written):
        return [or_(has_contract, *(_has_number(digits) for digits in numbers))]
    words = written.split()[:MOST_WORDS]
    known = (Customer.name, Customer.email, Contract.company)
    named = [or_(*(holds(column, word) for column in known), _gave(holds, word)) for word in words]
    return [or_(has_contract, *named)] if len(named) == 1 else named


def _has_number(digits: str) -> ColumnElement[bool]:
    """Hold for whom the number is known, or who has written it, as beside their name."""
    wrote = (Message.conversation_id == Issue.conversation_id, Message.author == "customer")
    said = _has_issue(exists().where(*wrote, holds_digits(Message.text, digits)))
    return or_(holds_digits(Customer.phone, digits), _gave(holds_digits, digits), said)


def _gave(has: Callable[[Any, str], ColumnElement[bool]], wanted: str) -> ColumnElement[bool]:
    """Hold for whom an issue's answer on how to be reached has it."""
    answer = IntakeAnswer.intake_id == Issue.intake_id
    return _has_issue(exists().where(answer, IntakeAnswer.question_id == CONTACT, has(IntakeAnswer.value, wanted)))


def _has_issue(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Issue.customer_id == Customer.id, which).correlate(Customer, Contract)


async def _caller(session: AsyncSession, ctx: Context, customer: Customer, contract: Contract | None) -> Caller:
    issues = await _issues(session, customer)
    contact = (
        select(IntakeAnswer.value)
        .join(Issue, Issue.intake_id == IntakeAnswer.intake_id)
        .where(Issue.customer_id == customer.id, IntakeAnswer.question_id == CONTACT)
        .order_by(Issue.id.desc())
        .limit(1)
    )
    return Caller(
        id=customer.id,
        name=customer.name,
        email=customer.email,
        phone=customer.phone,
        contact=await session.scalar(contact) or customer.phone or customer.email,
        company=contract.company if contract else None,
        contract=contract.number if contract else None,
        contract_state=state_of(contract, ctx.clock().date()) if contract else None,
        issues=[_shown(one) for one in issues],
    )


async def _issues(session: AsyncSession, customer: Customer) -> Sequence[Issue]:
    is_done = Issue.status == IssueStatus.RESOLVED
    query = select(Issue).where(Issue.customer_id == customer.id).order_by(is_done, Issue.id.desc())
    return (await session.scalars(query.limit(MOST_ISSUES))).all()


def _shown(issue: Issue) -> CallerIssue:
    return CallerIssue(
        reference=issue.reference,
        title=issue.title,
        status=issue.status,
        status_text=word_for(STATUSES, issue.status),
        conversation_id=issue.conversation_id,
    )
