"""Parse the filters of an issue list from the page's query string and apply them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_
from sqlalchemy.orm import aliased

from bot.services.core.context import Context
from bot.services.core.errors import Invalid
from bot.services.core.input_values import whole_number
from bot.services.desk.labels import ENTITLEMENTS, IMPACTS, STATUSES
from bot.services.desk.product_choice import is_of_product
from bot.services.desk.tags import tag_key
from bot.services.technician.access import QUERY_LIMIT
from bot.store.folded import holds, holds_digits
from bot.store.tables import Attachment, Contract, Customer, IntakeAnswer, Issue, IssueTag, Message, Tag, Technician
from bot.triage.issue.issue_status import IssueStatus
from bot.triage.reading.tech_reference import find_references

MOST_WORDS = 6
OPEN, NOBODY, ME = "open", "nobody", "me"
SORT, MOST_PAGES = "sort", 400
# What a list can be sorted by; a minus before it turns the order round. The newest first without any.
SORTS: dict[str, ColumnElement[Any]] = {
    "logged": Issue.id.expression,
    "changed": Issue.updated_at.expression,
    "title": func.lower(Issue.title),
    "customer": func.lower(Customer.name),
    "status": Issue.status.expression,
    "team": Issue.team.expression,
    "technician": func.lower(Technician.name),
    "impact": Issue.impact.expression,
}
NAMES = (
    "status",
    "product",
    "team",
    "category",
    "technician",
    "customer",
    "entitlement",
    "impact",
    "tag",
    "since",
    "until",
    "before",
    "page",
    SORT,
)
# "+49 (0)151 / 234 567 89" and "2125550193" alike; what is compared are the last digits, which every spelling has.
_NUMBER = re.compile(r"[+(]*\d(?:[\s().\-/]{0,3}\d)+")
FEWEST_DIGITS, COMPARED_DIGITS = 6, 9


@dataclass(frozen=True)
class Filters:
    """``query``: a reference or a telephone number in any spelling, or words that all must be there. The rest narrows
    it down, None for any. A word that begins with ``#`` is a tag, as ``tag`` is. ``customer``: an id.

    ``product``: an id, or ``-`` for the issues whose product nobody has said. ``status`` may be ``open`` for all that
    are not resolved; ``technician``: ``me``, ``nobody`` or an id; ``since`` and ``until``: days of logging at the
    office, both included; ``before``: the id of the last issue of the page before. ``page`` counts from 1, ``sort`` is
    a name of SORTS.
    """

    query: str = ""
    status: str | None = None
    product: str | None = None
    team: str | None = None
    category: str | None = None
    technician: str | None = None
    customer: str | None = None
    entitlement: str | None = None
    impact: str | None = None
    tag: str | None = None
    since: str | None = None
    until: str | None = None
    before: str | None = None
    page: str | None = None
    sort: str | None = None

    def in_address(self) -> dict[str, str]:
        """Return the filters as names and values of a query string, without the page."""
        given = {"q": self.query, **{name: getattr(self, name) for name in NAMES}}
        return {name: value for name, value in given.items() if value and name not in ("before", "page")}


def read_filters(arguments: Mapping[str, Any]) -> Filters:
    """Return the filters of an address; what is empty filters nothing."""
    given = {name: str(arguments.get(name) or "") or None for name in NAMES}
    return Filters(query=str(arguments.get("q") or ""), **given)


def in_order(statement: Select[Any], filters: Filters, most: int) -> Select[Any]:
    """Return one page of the statement in the order of ``filters.sort``; raises Invalid for what it cannot be.

    Rows without a value come last, and equal ones the newest first.
    """
    page = _number(filters.page, "page") if filters.page is not None else 1
    if not 1 <= page <= MOST_PAGES:
        raise Invalid(f"page must be a number from 1 to {MOST_PAGES}.")
    name = _known((filters.sort or "-logged").removeprefix("-"), SORT, SORTS)
    column = SORTS[name]
    order = column.desc() if (filters.sort or "-").startswith("-") else column.asc()
    return statement.order_by(column.is_(None), order, Issue.id.desc()).limit(most).offset((page - 1) * most)


def apply_filters(statement: Select[Any], filters: Filters, ctx: Context, me: int | None) -> Select[Any]:
    """Return the statement, which joins customers and their contracts, narrowed down; raises Invalid for a bad
    value.

    ``me``: the id of the technician who asks, None for a machine.
    """
    for clause in (*_words(filters.query), *_codes(filters), *_people(filters, me), *_days(filters, ctx)):
        statement = statement.where(clause)
    if filters.before is not None:
        statement = statement.where(Issue.id < _number(filters.before, "before"))
    return statement


def _words(query: str) -> list[ColumnElement[bool]]:
    written = query[:QUERY_LIMIT]
    references = [one.reference for one in find_references(written) if one.valid]
    numbers = _numbers(written)
    if references:
        return [or_(Issue.reference.in_(references), *(_holds_number(number) for number in numbers))]
    words = _NUMBER.sub(lambda found: " " if found[0] in numbers else found[0], written).split()
    return [*(_holds_number(number) for number in numbers), *(_holds(word) for word in words[:MOST_WORDS])]


def telephone_numbers(written: str) -> list[str]:
    """Return the digits by which each telephone number in the text is found, in whatever spelling it is stored."""
    return [_digits(number)[-COMPARED_DIGITS:] for number in _numbers(written)]


def _numbers(written: str) -> list[str]:
    return [number for number in _NUMBER.findall(written) if len(_digits(number)) >= FEWEST_DIGITS]


def _digits(written: str) -> str:
    return "".join(filter(str.isdigit, written))


def _holds_number(number: str) -> ColumnElement[bool]:
    (wanted,) = telephone_numbers(number)

    def has(column: Any) -> ColumnElement[bool]:
        return holds_digits(column, wanted)

    return or_(has(Customer.phone), *_in_what_was_said(has), has(Issue.title))


def _holds(word: str) -> ColumnElement[bool]:
    if word.startswith("#") and len(word) > 1:
        return _has_tag(word[1:])

    def has(column: Any) -> ColumnElement[bool]:
        return holds(column, word)

    files = exists().where(Attachment.conversation_id == Issue.conversation_id, has(Attachment.name))
    customer = or_(has(Customer.name), has(Customer.email), has(Customer.phone), has(Contract.company))
    return or_(has(Issue.title), has(Issue.reference), customer, *_in_what_was_said(has), files)


def _in_what_was_said(has: Callable[[Any], ColumnElement[bool]]) -> tuple[ColumnElement[bool], ...]:
    # Its own alias: the list itself has the contact's answer joined to it.
    given = aliased(IntakeAnswer)
    return (
        exists().where(given.intake_id == Issue.intake_id, has(given.value)),
        exists().where(Message.conversation_id == Issue.conversation_id, has(Message.text)),
    )


def _codes(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.status == OPEN:
        found.append(Issue.status != IssueStatus.RESOLVED)
    elif filters.status is not None:
        found.append(Issue.status == _known(filters.status, "status", (OPEN, *STATUSES)))
    if filters.product is not None:
        found.append(is_of_product(Issue.product, filters.product))
    if filters.team is not None:
        found.append(Issue.team == filters.team)
    if filters.category is not None:
        found.append(Issue.category == filters.category)
    if filters.entitlement is not None:
        found.append(Issue.entitlement == _known(filters.entitlement, "entitlement", ENTITLEMENTS))
    if filters.impact is not None:
        found.append(Issue.impact == _known(filters.impact, "impact", IMPACTS))
    if filters.tag is not None:
        found.append(_has_tag(filters.tag))
    return found


def _has_tag(name: str) -> ColumnElement[bool]:
    given = exists().where(IssueTag.issue_id == Issue.id, IssueTag.tag_id == Tag.id, Tag.key == tag_key(name))
    return given.correlate(Issue)


def _people(filters: Filters, me: int | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.customer is not None:
        found.append(Issue.customer_id == _number(filters.customer, "customer"))
    if filters.technician == NOBODY:
        found.append(Issue.technician_id.is_(None))
    elif filters.technician is not None:
        wanted = me if filters.technician == ME and me is not None else _number(filters.technician, "technician")
        found.append(Issue.technician_id == wanted)
    return found


def _days(filters: Filters, ctx: Context) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.since is not None:
        found.append(Issue.created_at >= _midnight(filters.since, "since", ctx))
    if filters.until is not None:
        found.append(Issue.created_at < _midnight(filters.until, "until", ctx, timedelta(days=1)))
    return found


def _midnight(written: str, name: str, ctx: Context, later: timedelta = timedelta()) -> datetime:
    try:
        day = date.fromisoformat(written) + later
    except (ValueError, OverflowError):
        raise Invalid(f"{name} must be a day such as 2026-06-17.") from None
    return datetime.combine(day, time(), tzinfo=ctx.support.office_hours.zone)


def _known(value: str, name: str, known: Any) -> str:
    if value not in known:
        raise Invalid(f"{name} must be one of {', '.join(known)}.")
    return value


def _number(written: str, name: str) -> int:
    number = whole_number(written, 9)
    if number is None:
        raise Invalid(f"{name} must be a whole number.")
    return number
