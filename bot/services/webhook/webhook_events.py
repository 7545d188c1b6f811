"""The events of issues that webhooks are sent, queued in the transaction that makes them true.

They follow the audit and the transcript: whatever use case records one of these changes, from whatever surface, its
event is queued, and none is when the transaction is rolled back. An event holds ids and codes, never anybody's words.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.unitofwork import UOWTransaction

from bot.services.core.confided import has_confidence
from bot.services.outbox.items import WEBHOOK
from bot.store.issue_revision import RevisionSession
from bot.store.tables import AuditEntry, Conversation, Issue, Message, OutboxItem, WebhookEndpoint

LOGGED, REPLIED, CUSTOMER_REPLIED = "issue.logged", "issue.replied", "issue.customer_replied"
EVENTS: dict[str, str] = {
    LOGGED: "An issue was logged",
    "issue.claimed": "A technician claimed it",
    "issue.transferred": "It went back to the queue for others",
    "issue.given_back": "It was given back to the assistant",
    REPLIED: "A technician replied",
    CUSTOMER_REPLIED: "The customer wrote again",
    "issue.status_changed": "Its status changed",
    "issue.resolved": "It was resolved",
    "issue.reopened": "It was opened again",
    "issue.rated": "The customer rated it",
}
PING = "ping"
_OF_ACTIONS = {
    "issue.open": LOGGED,
    "owner.claim": "issue.claimed",
    "owner.transfer": "issue.transferred",
    "owner.give_back": "issue.given_back",
    "issue.status": "issue.status_changed",
    "issue.resolve": "issue.resolved",
    "issue.reopen": "issue.reopened",
    "issue.rate": "issue.rated",
}
_OF_AUTHORS = {"technician": REPLIED, "customer": CUSTOMER_REPLIED}
# What of the audit's details goes along: a score, never a reason that somebody wrote.
_DETAILS = ("score",)
USEFUL_FOR = timedelta(days=3)
_NOTED = "webhook_events"
# Built once, because every message of a customer asks (docs/performance.md).
_ENDPOINTS = select(WebhookEndpoint).where(WebhookEndpoint.paused_at.is_(None))


@dataclass(frozen=True)
class _Event:
    """A change that this transaction has flushed."""

    name: str
    at: datetime
    actor: str
    conversation_id: str | None
    issue_id: int | None
    data: dict[str, Any] = field(default_factory=dict)


def target_of(endpoint_id: int) -> str:
    """Return the target of an endpoint's items in the outbox."""
    return f"webhook:{endpoint_id}"


@event.listens_for(RevisionSession, "after_flush")
def _note(session: Session, _context: UOWTransaction) -> None:
    found = [one for row in session.new for one in _events_of(row)]
    if found:
        session.info.setdefault(_NOTED, []).extend(found)


def _events_of(row: Any) -> Iterator[_Event]:
    if isinstance(row, AuditEntry) and row.action in _OF_ACTIONS:
        data = {name: row.details[name] for name in _DETAILS if name in row.details}
        yield _Event(_OF_ACTIONS[row.action], row.at, row.actor, row.conversation_id, row.issue_id, data)
    elif isinstance(row, Message) and row.author in _OF_AUTHORS:
        actor = f"technician:{row.technician_id}" if row.author == "technician" else row.author
        yield _Event(_OF_AUTHORS[row.author], row.created_at, actor, row.conversation_id, None)


@event.listens_for(RevisionSession, "after_soft_rollback")
def _forget(session: Session, _previous: Any) -> None:
    session.info.pop(_NOTED, None)


@event.listens_for(RevisionSession, "before_commit")
def _queue(session: Session) -> None:
    """Queue what was noted for every endpoint that wants it, with the issue as it stands at the end."""
    session.flush()
    noted: list[_Event] = session.info.pop(_NOTED, [])
    if not noted:
        return
    endpoints = list(session.scalars(_ENDPOINTS))
    if not endpoints:
        return
    logged = {one.conversation_id for one in noted if one.name == LOGGED}
    for one in noted:
        # The words that an issue is logged from are no answer.
        if one.name == CUSTOMER_REPLIED and one.conversation_id in logged:
            continue
        _queue_one(session, one, [endpoint for endpoint in endpoints if one.name in endpoint.events])
    session.flush()


def _queue_one(session: Session, one: _Event, endpoints: list[WebhookEndpoint]) -> None:
    issue_id = one.issue_id
    if issue_id is None and endpoints:
        issue_id = session.scalar(select(Conversation.issue_id).where(Conversation.id == one.conversation_id))
    if issue_id is None or not endpoints:
        return
    issue, confided = session.execute(select(Issue, has_confidence()).where(Issue.id == issue_id)).one()
    number = f"evt_{secrets.token_hex(12)}"
    payload = {"body": body_of(number, one.name, one.at, one.actor, one.data, issue, confided)}
    for endpoint in endpoints:
        session.add(
            OutboxItem(
                kind=WEBHOOK,
                key=f"webhook:{endpoint.id}:{number}",
                target=target_of(endpoint.id),
                # Of one issue in order, so that nobody hears of its end before its beginning.
                lane=f"webhook:{endpoint.id}:{issue.id}",
                conversation_id=issue.conversation_id,
                issue_id=issue.id,
                payload=payload,
                due_at=one.at,
                expires_at=one.at + USEFUL_FOR,
                created_at=one.at,
            )
        )


def body_of(
    number: str, name: str, at: datetime, actor: str, data: dict[str, Any], issue: Issue | None, confided: bool
) -> dict[str, Any]:
    """Return what an event says; ``number`` stays the same however often it is sent."""
    kind, _, who = actor.partition(":")
    return {
        "id": number,
        "event": name,
        "at": at.isoformat(),
        "actor": {"kind": kind, "id": int(who) if who.isdigit() else None},
        "data": data,
        "issue": None
        if issue is None
        else {
            "reference": issue.reference,
            "status": issue.status,
            "category": issue.category,
            "team": issue.team,
            "entitlement": issue.entitlement,
            "impact": issue.impact,
            "technician_id": issue.technician_id,
            "told_in_confidence": confided,
            "created_at": issue.created_at.isoformat(),
            "resolved_at": issue.resolved_at.isoformat() if issue.resolved_at else None,
        },
    }
