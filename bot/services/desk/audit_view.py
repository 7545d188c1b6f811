"""The audit as supervisors read it: who did what and when, without anybody's words."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, func, select

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import Invalid
from bot.services.core.input_values import whole_number
from bot.services.desk.labels import ACTIONS, word_for
from bot.services.desk.timeline import PREFIX
from bot.services.technician.access import READ, read_reference
from bot.store.tables import AuditEntry, Issue, Technician

A_PAGE, MOST_PAGES = 100, 1000
READINGS = (READ, "desk.queue", "desk.search", "desk.export")


class AuditLine(TypedDict):
    """One entry. ``about``: its ids and codes as names and values."""

    at: str
    who: str
    action: str
    what: str
    reference: str | None
    conversation_id: str | None
    about: dict[str, str]


class AuditPage(TypedDict):
    """A page of entries, the newest first, the number of all that fit, and what can be filtered by."""

    entries: list[AuditLine]
    total: int
    actions: dict[str, str]
    people: dict[str, str]


async def audit_page(ctx: Context, filters: Mapping[str, str | None], page: int = 1) -> AuditPage:
    """Return the entries that the filters let through: ``technician`` (an id), ``action``, ``reference``, ``since``,
    ``until``; readings only with ``readings``.

    Raises Invalid for a value that can be none.
    """
    if not 1 <= page <= MOST_PAGES:
        raise Invalid(f"page must be a number from 1 to {MOST_PAGES}.")
    wanted = _clauses(ctx, filters)
    query = (
        select(AuditEntry, Issue.reference, func.count().over().label("total"))
        .outerjoin(Issue, Issue.id == AuditEntry.issue_id)
        .where(*wanted)
        .order_by(AuditEntry.id.desc())
        .limit(A_PAGE)
        .offset((page - 1) * A_PAGE)
    )
    async with ctx.db.read(long=True) as session:
        rows = (await session.execute(query)).all()
        people = {str(one.id): one.name for one in await session.scalars(select(Technician).order_by(Technician.name))}
    return AuditPage(
        entries=[_line(row.AuditEntry, row.reference, people) for row in rows],
        total=rows[0].total if rows else 0,
        actions=dict(sorted(ACTIONS.items(), key=lambda item: item[1])),
        people=people,
    )


def _clauses(ctx: Context, filters: Mapping[str, str | None]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if (person := filters.get("technician")) is not None:
        if whole_number(person, 9) is None:
            raise Invalid("technician must be a whole number.")
        found.append(AuditEntry.actor == f"{PREFIX}{int(person)}")
    if (action := filters.get("action")) is not None:
        found.append(AuditEntry.action == action)
    elif filters.get("readings") is None:
        found.append(AuditEntry.action.not_in(READINGS))
    if (written := filters.get("reference")) is not None:
        found.append(Issue.reference == read_reference(written))
    if (since := filters.get("since")) is not None:
        found.append(AuditEntry.at >= _midnight(ctx, since, "since"))
    if (until := filters.get("until")) is not None:
        found.append(AuditEntry.at < _midnight(ctx, until, "until") + timedelta(days=1))
    return found


def _midnight(ctx: Context, written: str, name: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(written), time(), tzinfo=ctx.support.office_hours.zone)
    except ValueError:
        raise Invalid(f"{name} must be a day such as 2026-06-17.") from None


def _line(entry: AuditEntry, reference: str | None, people: Mapping[str, str]) -> AuditLine:
    number = entry.actor.removeprefix(PREFIX)
    who = people.get(number, entry.actor) if entry.actor.startswith(PREFIX) else entry.actor.capitalize()
    return AuditLine(
        at=entry.at.isoformat(),
        who=who,
        action=entry.action,
        what=word_for(ACTIONS, entry.action) or entry.action,
        reference=reference,
        conversation_id=entry.conversation_id,
        about={str(name): _code(value) for name, value in entry.details.items()},
    )


def _code(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


async def record_reading(ctx: Context, technician: Technician, filters: Mapping[str, str | None]) -> None:
    """Leave a row in the audit that it was read, with the names of the filters."""
    used = sorted(name for name, value in filters.items() if value)
    async with ctx.db.write() as session:
        actor = audit.technician_actor(technician)
        audit.record(session, actor, "desk.audit", ctx.clock(), details={"by": used})
