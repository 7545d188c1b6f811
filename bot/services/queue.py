"""The line of conversations that wait for a technician: who is in it, in which order, and one's own place."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import Conversation, HandOff, Issue
from bot.triage.queue_order import QueuePolicy, Waiting, in_order

WAITING = "waiting"


async def waiting(session: AsyncSession, policy: QueuePolicy) -> Sequence[HandOff]:
    """The hand-offs nobody has claimed yet, first come, first served, as support.yml orders them."""
    query = (
        select(HandOff, Issue)
        .join(Issue, Issue.id == HandOff.issue_id)
        .where(HandOff.state == WAITING)
        .order_by(HandOff.created_at, HandOff.id)
    )
    rows = (await session.execute(query)).all()
    found = {hand_off.id: hand_off for hand_off, _ in rows}
    line = [Waiting(hand_off.id, in_line_since(hand_off), issue.entitlement, issue.impact) for hand_off, issue in rows]
    return [found[place.hand_off_id] for place in in_order(line, policy)]


def in_line_since(hand_off: HandOff) -> datetime:
    """Since when the customer stands in the line, also when they were passed on meanwhile."""
    return hand_off.line_since or hand_off.created_at


async def position(session: AsyncSession, policy: QueuePolicy, conversation: Conversation) -> int | None:
    """The conversation's place in the line, from 1; None when it is not in it."""
    if conversation.owner != "queue":
        return None
    for place, hand_off in enumerate(await waiting(session, policy), start=1):
        if hand_off.conversation_id == conversation.id:
            return place
    return None
