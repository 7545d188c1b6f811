"""The audit: one row and one log line for each change that somebody may have to answer for."""

import logging
from datetime import datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from bot.services.core import log_format
from bot.store.tables import AuditEntry, Conversation, Issue, Technician

log = logging.getLogger(__name__)


# What stands before the id of a machine's key in an actor.
API_KEY = "api_key:"
# And before that of a tracker.
TRACKER = "tracker:"


def technician_actor(who: Technician) -> str:
    """Return how a technician is named as an actor."""
    return f"technician:{who.id}"


def record(
    session: AsyncSession,
    actor: str,
    action: str,
    now: datetime,
    *,
    conversation: Conversation | None = None,
    issue: Issue | None = None,
    issue_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Add a row to the transaction; ``details`` hold ids and codes, never anybody's words."""
    if issue is not None:
        issue_id = issue.id
    elif issue_id is None and conversation is not None:
        issue_id = conversation.issue_id
    about = conversation.id if conversation else issue.conversation_id if issue else None
    session.add(
        AuditEntry(
            at=now,
            actor=actor,
            action=action,
            conversation_id=about,
            issue_id=issue_id,
            details=details or {},
        )
    )
    fields = {"conversation": about, "reference": _reference(session, issue_id), "actor": actor}
    _once_committed(session.sync_session, action, fields)


def _reference(session: AsyncSession, issue_id: int | None) -> str | None:
    """Return the issue's reference where the issue is loaded: a log line is worth no query."""
    issue = session.sync_session.identity_map.get(identity_key(Issue, issue_id)) if issue_id is not None else None
    return issue.reference if isinstance(issue, Issue) else None


def _once_committed(session: Session, action: str, fields: dict[str, str | None]) -> None:
    """Log the entry after the commit; a transaction that is rolled back leaves no line."""

    @event.listens_for(session, "after_commit", once=True)
    def _(_session: Session) -> None:
        log.info(action, extra=log_format.log_fields(**fields))
