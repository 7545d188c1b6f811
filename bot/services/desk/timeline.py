"""The life of a conversation and its issue, told from the audit: who did what, and when."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.audit import API_KEY, TRACKER
from bot.services.desk.labels import ACTIONS, FIELDS, IMPACTS, STATUSES, TAKEN_UP, word_for
from bot.services.technician.access import READ
from bot.settings.support.support import Support
from bot.store.tables import ApiKey, AuditEntry, Technician, Tracker

MOST = 200
PREFIX = "technician:"


async def timeline(
    session: AsyncSession, support: Support, conversation_id: str, issue_id: int | None
) -> list[dict[str, Any]]:
    """Return every change in order of time, at most the newest 200; readings are in the audit only."""
    about = AuditEntry.conversation_id == conversation_id
    if issue_id is not None:
        about = or_(about, AuditEntry.issue_id == issue_id)
    query = select(AuditEntry).where(about, AuditEntry.action != READ).order_by(AuditEntry.id.desc()).limit(MOST)
    entries = list(await session.scalars(query))[::-1]
    names = await _names(session, {entry.actor for entry in entries})
    return [
        {
            "at": entry.at.isoformat(),
            "who": names.get(entry.actor, entry.actor.capitalize()),
            "what": _what(support, entry),
            "reason": entry.details.get("reason"),
        }
        for entry in entries
    ]


def _what(support: Support, entry: AuditEntry) -> str | None:
    """Return the change in words, with what it changed to where the audit knows."""
    words, details = word_for(ACTIONS, entry.action), entry.details
    if entry.action == "issue.status":
        return f"{words}: {_moved(details.get('from'), details.get('to'), lambda code: word_for(STATUSES, code))}"
    if details.get("reason") == TAKEN_UP and entry.action != "owner.claim":
        return "opened it again" if entry.action == "owner.customer_writes" else "took it up"
    if entry.action == "issue.edit":
        changes = (_edited(support, name, details.get("codes", {})) for name in details.get("fields", ()))
        return f"{words}: {', '.join(changes)}"
    if entry.action == "call.end":
        return f"{words}, {details.get('minutes')} min"
    return words


def _edited(support: Support, field: str, codes: dict[str, list[str | None]]) -> str:
    """Return a field's label, with the old and the new value of one that holds a code; words are nobody's here."""
    titles: dict[str, Callable[[str], str | None]] = {
        "product": support.product_title,
        "category": support.category_title,
        "team": support.team_title,
        "impact": lambda code: word_for(IMPACTS, code),
    }
    label = FIELDS.get(field) or support.line_label(field)
    if field not in codes:
        return label
    old, new = codes[field]
    return f"{label} {_moved(old, new, titles[field])}"


def _moved(old: str | None, new: str | None, title: Callable[[str], str | None]) -> str:
    before, after = ("none" if code is None else title(code) for code in (old, new))
    return f"{before} → {after}"


async def _names(session: AsyncSession, actors: set[str]) -> dict[str, str]:
    ids = [int(actor.removeprefix(PREFIX)) for actor in actors if actor.startswith(PREFIX)]
    people = await session.scalars(select(Technician).where(Technician.id.in_(ids)))
    keys = [int(actor.removeprefix(API_KEY)) for actor in actors if actor.startswith(API_KEY)]
    places = [int(actor.removeprefix(TRACKER)) for actor in actors if actor.startswith(TRACKER)]
    trackers = await session.scalars(select(Tracker).where(Tracker.id.in_(places))) if places else ()
    programs = await session.scalars(select(ApiKey).where(ApiKey.id.in_(keys))) if keys else ()
    return {
        **{f"{PREFIX}{person.id}": person.name for person in people},
        **{f"{API_KEY}{key.id}": key.name for key in programs},
        **{f"{TRACKER}{place.id}": place.name for place in trackers},
    }
