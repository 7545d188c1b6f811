"""Who did what, when: one row for each change that somebody may have to answer for."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import AuditEntry, Conversation, Issue, Technician


def technician(who: Technician) -> str:
    """How a technician is named as an actor."""
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
