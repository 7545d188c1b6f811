"""Telephone calls with customers: begun, ended, and how many minutes they took."""

from datetime import datetime
from math import ceil

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import Call, Conversation, Technician
from bot.triage.hand_off.silence import LONGEST_CALL


async def going_on(session: AsyncSession, conversation_id: str) -> Call | None:
    """Return the call that goes on with this customer now."""
    query = select(Call).where(Call.conversation_id == conversation_id, Call.ended_at.is_(None))
    found: Call | None = await session.scalar(query.order_by(Call.id.desc()).limit(1))
    return found


def begin_call(session: AsyncSession, conversation: Conversation, technician: Technician, now: datetime) -> None:
    """A call goes on from now."""
    session.add(
        Call(
            conversation_id=conversation.id,
            issue_id=conversation.issue_id,
            technician_id=technician.id,
            started_at=now,
        )
    )


async def end_open(
    session: AsyncSession, conversation_id: str, now: datetime, minutes: int | None = None
) -> Call | None:
    """End the call that goes on; its minutes are as stated, else measured, begun ones counted whole."""
    call = await going_on(session, conversation_id)
    if call is None:
        return None
    length = min(now - call.started_at, LONGEST_CALL)
    call.ended_at = now
    call.minutes = minutes if minutes is not None else max(1, ceil(length.total_seconds() / 60))
    return call
