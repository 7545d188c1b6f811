"""The queue of conversations that wait for a technician: members, order, and each one's position."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.columns import UtcDateTime
from bot.store.tables import Conversation, HandOff, Issue
from bot.triage.queue.queue_order import QueuePolicy, Waiting, in_order

WAITING = "waiting"
# Columns and not rows, and built once: every customer in the queue asks again whenever the queue moves.
_WAITING = (
    select(
        HandOff.id,
        HandOff.conversation_id,
        func.coalesce(HandOff.line_since, HandOff.created_at, type_=UtcDateTime),
        Issue.entitlement,
        Issue.impact,
    )
    .join(Issue, Issue.id == HandOff.issue_id)
    .where(HandOff.state == WAITING)
)


async def waiting_hand_offs(session: AsyncSession, policy: QueuePolicy) -> list[Waiting]:
    """Return the unclaimed hand-offs in the order of support.yml: first come, first served within a class."""
    return in_order([Waiting(*row) for row in await session.execute(_WAITING)], policy)


def in_line_since(hand_off: HandOff) -> datetime:
    """Return when the customer joined the queue, also when they were transferred meanwhile."""
    return hand_off.line_since or hand_off.created_at


async def queue_position(session: AsyncSession, policy: QueuePolicy, conversation: Conversation) -> int | None:
    """Return the conversation's position in the queue, from 1; None when it is not in it."""
    return await queue_place(session, policy, conversation.id) if conversation.owner == "queue" else None


async def queue_place(session: AsyncSession, policy: QueuePolicy, conversation_id: str) -> int | None:
    """Return the same for a conversation id that may be in the queue."""
    return queue_places(await waiting_hand_offs(session, policy)).get(conversation_id)


def queue_places(line: Sequence[Waiting]) -> dict[str, int]:
    """Return the position of each conversation in the queue, from 1: that of the first of its issues."""
    conversations = dict.fromkeys(one.conversation_id for one in line)
    return {conversation: place for place, conversation in enumerate(conversations, start=1)}
