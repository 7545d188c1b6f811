"""Events of an escalated issue at its tracker: its technician is notified, and nothing is resolved."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import lifecycle
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.encryption import CannotOpen, decrypt
from bot.services.core.errors import Unauthorised
from bot.services.hand_off.open_hand_offs import open_hand_offs
from bot.services.hand_off.program_notes import keep_note
from bot.services.issue import issue_status
from bot.services.tracker.escalate import place_of
from bot.services.tracker.escalation_sender import OPEN
from bot.services.tracker.tracker_api import GITHUB, KINDS
from bot.store.locks import lock_row
from bot.store.tables import Conversation, Escalation, Issue, Tracker
from bot.store.unit_of_work import unit_of_work
from bot.triage.issue.issue_status import IssueStatus

CLOSED = "closed"
_DONE = "done"
WAITING = (IssueStatus.WAITING_CUSTOMER, IssueStatus.WAITING_UNTIL)


@dataclass(frozen=True)
class OutsideState:
    """An issue at the tracker and its state: open or closed."""

    key: str
    state: str


async def verify(ctx: Context, tracker_id: int, signature: str, body: bytes) -> Tracker:
    """Return the tracker that signed the body; raises Unauthorised, alike for no such tracker.

    ``signature``: ``sha256=`` and the hexadecimal HMAC, as GitHub and Jira send it.
    """
    async with ctx.db.read() as session:
        tracker = await session.get(Tracker, tracker_id)
    secret = _secret(ctx, tracker)
    expected = f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
    matches = hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))
    if tracker is None or not secret or not matches:
        raise Unauthorised("The signature is not that of a tracker of ours. Nothing was stored.")
    return tracker


def _secret(ctx: Context, tracker: Tracker | None) -> str:
    """Return the tracker's secret; empty when there is none, so that nothing is proven by it."""
    if tracker is None or tracker.removed_at is not None:
        return ""
    try:
        return decrypt(ctx, tracker.secret)
    except CannotOpen:
        return ""


def reported_state(tracker: Tracker, event: str, body: Mapping[str, Any]) -> OutsideState | None:
    """Return the state that an event reports; None for one that reports none, or of another place."""
    return _of_github(tracker, event, body) if tracker.kind == GITHUB else _of_jira(tracker, body)


def _of_github(tracker: Tracker, event: str, body: Mapping[str, Any]) -> OutsideState | None:
    issue, place = _object(body, "issue"), _object(body, "repository").get("full_name")
    state = {"closed": CLOSED, "reopened": OPEN}.get(str(body.get("action")))
    if event != "issues" or state is None or str(place).lower() != tracker.project.lower():
        return None
    return OutsideState(str(issue.get("number")), state)


def _of_jira(tracker: Tracker, body: Mapping[str, Any]) -> OutsideState | None:
    issue = _object(body, "issue")
    category = _object(_object(_object(issue, "fields"), "status"), "statusCategory").get("key")
    key = str(issue.get("key"))
    if category is None or not key.startswith(f"{tracker.project}-"):
        return None
    return OutsideState(key, CLOSED if category == _DONE else OPEN)


def _object(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = found.get(name)
    return value if isinstance(value, dict) else {}


@unit_of_work()
async def take_state(session: AsyncSession, ctx: Context, tracker: Tracker, outside: OutsideState) -> bool:
    """Note at the desk that the issue was closed or opened again there; False when that is known, or none of ours.

    A closed one is the technician's turn. The customer hears nothing, and nothing is resolved.
    """
    ours = select(Escalation.id, Escalation.conversation_id).where(
        Escalation.tracker_id == tracker.id, Escalation.outside_id == outside.key
    )
    found = (await session.execute(ours)).first()
    if found is None:
        return False
    conversation = await lifecycle.load(session, found.conversation_id, lock=True, erased=True)
    made = await lock_row(session, Escalation, found.id)
    if made is None or made.state == outside.state or conversation.erased_at is not None:
        return False
    now, actor = ctx.clock(), f"{audit.TRACKER}{tracker.id}"
    closed = outside.state == CLOSED
    made.state, made.closed_at = outside.state, now if closed else None
    issue = await session.get_one(Issue, made.issue_id)
    what = "was closed" if closed else "was opened again"
    text = f"{place_of(tracker, outside.key)} {what}. The customer was not told, and nothing was resolved.\n{made.url}"
    await keep_note(session, ctx, conversation, text, KINDS[tracker.kind])
    action = "tracker.closed" if closed else "tracker.reopened"
    audit.record(session, actor, action, now, issue=issue, details={"escalation": made.id})
    if closed:
        await _draw_attention(session, ctx, conversation, issue, actor)
    return True


async def _draw_attention(
    session: AsyncSession, ctx: Context, conversation: Conversation, issue: Issue, actor: str
) -> None:
    """Make it its technician's turn: in the work list, or among the reminders when no conversation is open."""
    if issue.status == IssueStatus.RESOLVED:
        return
    if issue.status in WAITING:
        issue_status.change_status(session, issue, IssueStatus.IN_PROGRESS, actor=actor, now=ctx.clock())
    if issue.id not in {one.issue_id for one in await open_hand_offs(session, conversation)}:
        issue.reminded_at = ctx.clock()
