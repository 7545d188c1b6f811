"""A customer who was given back and says that it is not solved: back to their old place, and to the same technician."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.topics import DESK
from bot.services.queue import queue_order
from bot.store.tables import AuditEntry, DeskSession, HandOff, InboundEvent, Issue, Technician

AVAILABLE = "available"
_EVENT = "return:"
# Of a hand-off, also of one that was given back together with the one that the event is named after.
WAS_RETURNED = (
    exists()
    .where(
        InboundEvent.source == DESK,
        InboundEvent.source_id.startswith(_EVENT),
        InboundEvent.conversation_id == HandOff.conversation_id,
        InboundEvent.created_at == HandOff.ended_at,
    )
    .correlate(HandOff)
)


@dataclass(frozen=True)
class Kept:
    """The place of an earlier hand-off; ``technician_id`` None when its technician is not there now."""

    line_since: datetime
    technician_id: int | None


def return_event(hand_off: HandOff) -> str:
    """Return the source id of the event by which the assistant speaks after a give-back."""
    return f"{_EVENT}{hand_off.id}"


async def place_before_return(session: AsyncSession, issue: Issue, now: datetime) -> Kept | None:
    """Return the place that the issue's last hand-off had, if a technician gave it back and it was not resolved since.

    The same error again is no new request: it would punish the customer for our mistake.
    """
    newest = select(HandOff, WAS_RETURNED).where(HandOff.issue_id == issue.id).order_by(HandOff.id.desc()).limit(1)
    last, was_returned = (await session.execute(newest)).tuples().one_or_none() or (None, False)
    if last is None or last.ended_at is None or not was_returned:
        return None
    resolved = exists().where(
        AuditEntry.issue_id == issue.id, AuditEntry.action == "issue.resolve", AuditEntry.at >= last.ended_at
    )
    if await session.scalar(select(resolved)):
        return None
    return Kept(queue_order.in_line_since(last), await _if_there(session, last.technician_id, now))


async def _if_there(session: AsyncSession, technician_id: int | None, now: datetime) -> int | None:
    """Return the technician's id while they are signed in and not away."""
    signed_in = exists().where(DeskSession.technician_id == Technician.id, DeskSession.expires_at > now)
    there = select(Technician.id).where(
        Technician.id == technician_id, Technician.active, Technician.availability == AVAILABLE, signed_in
    )
    found: int | None = await session.scalar(there)
    return found
