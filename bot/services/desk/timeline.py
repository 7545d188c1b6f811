"""The life of a conversation and its issue, told from the audit: who did what, and when."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.audit import API_KEY, TRACKER
from bot.services.desk.labels import ACTIONS, STATUSES, TAKEN_UP, word_for
from bot.services.technician.access import READ
from bot.store.tables import ApiKey, AuditEntry, Technician, Tracker

MOST = 200
PREFIX = "technician:"


async def timeline(session: AsyncSession, conversation_id: str, issue_id: int | None) -> list[dict[str, Any]]:
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
            "what": _what(entry),
            "reason": entry.details.get("reason"),
        }
        for entry in entries
    ]


def _what(entry: AuditEntry) -> str | None:
    """Return the change in words, with what it changed to where the audit knows."""
    words, details = word_for(ACTIONS, entry.action), entry.details
    if entry.action == "issue.status":
        return f"{words}: {word_for(STATUSES, details.get('to'))}"
    if details.get("reason") == TAKEN_UP and entry.action != "owner.claim":
        return "opened it again" if entry.action == "owner.customer_writes" else "took it up"
    if entry.action == "issue.edit":
        return f"{words}: {', '.join(details.get('fields', ()))}"
    if entry.action == "call.end":
        return f"{words}, {details.get('minutes')} min"
    return words


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
