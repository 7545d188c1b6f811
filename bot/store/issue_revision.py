"""One counter for each issue, ``issues.revision``: it moves with every change of what a page of the desk shows of it.

Pages compare it to know that they are out of date, and an edit names the one it was made on. The session counts what it
flushes, so no use case has to remember it. Statements that bypass the session's objects call ``advance``.
"""

from collections import defaultdict
from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import Table, Update, bindparam, event, inspect, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlalchemy.orm.unitofwork import UOWTransaction

from bot.store.tables import (
    Attachment,
    Base,
    Call,
    Customer,
    Escalation,
    HandOff,
    IntakeAnswer,
    Issue,
    IssueLink,
    IssueTag,
    OneTimeCode,
    OutboxItem,
    Payment,
    Rating,
    SearchRecord,
    WorkMinutes,
)

ISSUES: Table = Base.metadata.tables[Issue.__tablename__]
# Stamps move with everything, also with what no page shows.
NOT_SHOWN = frozenset({"updated_at", "revision"})
# (column of issues, its value): the issues that a row is shown with.
Key = tuple[str, Any]


def _is_failed_mail(item: OutboxItem) -> bool:
    return item.kind == "mail" and item.state == "failed"


# How to find the issues whose pages show a row of another table; None: they do not show it yet.
SHOWN_WITH: dict[type[Base], Callable[[Any], tuple[Key, ...]]] = {
    Attachment: lambda row: (("conversation_id", row.conversation_id if row.message_id else None),),
    Call: lambda row: (("conversation_id", row.conversation_id),),
    Escalation: lambda row: (("id", row.issue_id),),
    Customer: lambda row: (("customer_id", row.id),),
    HandOff: lambda row: (("id", row.issue_id),),
    IntakeAnswer: lambda row: (("intake_id", row.intake_id),),
    IssueLink: lambda row: (("id", row.issue_id), ("id", row.other_id)),
    IssueTag: lambda row: (("id", row.issue_id),),
    OneTimeCode: lambda row: (("conversation_id", row.conversation_id if row.used_at else None),),
    OutboxItem: lambda row: (("conversation_id", row.conversation_id if _is_failed_mail(row) else None),),
    Payment: lambda row: (("id", row.issue_id),),
    Rating: lambda row: (("id", row.issue_id),),
    SearchRecord: lambda row: (("conversation_id", row.conversation_id),),
    WorkMinutes: lambda row: (("id", row.issue_id),),
}


class RevisionSession(Session):
    """A session that counts the changes of issues which it flushes."""


async def advance(session: AsyncSession, conversation_id: str) -> None:
    """Count a change for the issues of a conversation that was made by a statement, not by the session's objects."""
    moved = update(ISSUES).where(ISSUES.c.conversation_id == conversation_id)
    await session.execute(moved.values(revision=ISSUES.c.revision + 1))


@event.listens_for(RevisionSession, "after_flush")
def _count(session: Session, _context: UOWTransaction) -> None:
    """Add one in the database, not to the object: two transactions that change one issue are both counted."""
    keys: defaultdict[str, set[Any]] = defaultdict(set)
    for row in (*session.new, *session.dirty, *session.deleted):
        for column, value in _keys(session, row):
            keys[column].add(value)
    wanted = {column: list(values - {None}) for column, values in sorted(keys.items()) if values - {None}}
    if wanted:
        shown = {_values_of(column): values for column, values in wanted.items()}
        session.connection().execute(_counted(tuple(wanted)), shown)


@cache
def _counted(columns: tuple[str, ...]) -> Update:
    """Return the statement that counts a change of the issues with these values in these columns."""
    wanted = or_(*(ISSUES.c[column].in_(bindparam(_values_of(column), expanding=True)) for column in columns))
    # Locked by ascending id, as everywhere (bot.store.locks).
    locked = select(ISSUES.c.id).where(wanted).order_by(ISSUES.c.id).with_for_update(key_share=True)
    return update(ISSUES).where(ISSUES.c.id.in_(locked.scalar_subquery())).values(revision=ISSUES.c.revision + 1)


def _values_of(column: str) -> str:
    """Return the name of the parameter with the values of a column."""
    return f"shown_{column}"


def _keys(session: Session, row: Any) -> tuple[Key, ...]:
    if row not in session.new and row not in session.deleted and not session.is_modified(row):
        return ()
    if isinstance(row, Issue):
        shown = any(one.history.has_changes() for one in inspect(row).attrs if one.key not in NOT_SHOWN)
        return (("id", row.id),) if shown and row not in session.new else ()
    found = SHOWN_WITH.get(type(row))
    return found(row) if found else ()
