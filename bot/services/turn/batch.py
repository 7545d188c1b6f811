"""The batch of a turn: the messages of one customer that wait when it begins, taken as one.

A pressed choice ends it, and so does another author, another privacy, or a message written after a reply that those
before it were written without. A message that was part of a failed turn is tried alone, so that only the one that
breaks its turns goes to a person.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.context import MAX_TEXT
from bot.services.hand_off.pending_events import DONE, PENDING
from bot.store.tables import InboundEvent, Message

MOST_MESSAGES, MOST_READ = 10, 12
Batch = Sequence[tuple[InboundEvent, Message | None]]
Waiting = Sequence[tuple[InboundEvent, Message | None, int]]
_HERE: BindParameter[str] = bindparam("conversation_id")
LAST_SAID = (
    select(func.coalesce(func.max(Message.seq), 0))
    .where(Message.conversation_id == _HERE, Message.author == "assistant")
    .scalar_subquery()
)
# The statements of every turn are built once, at import (docs/performance.md).
_WAITING = (
    select(InboundEvent, Message, LAST_SAID)
    .outerjoin(Message, Message.id == InboundEvent.message_id)
    .where(InboundEvent.conversation_id == _HERE, InboundEvent.status == PENDING)
    .order_by(InboundEvent.id)
    .limit(MOST_READ)
)


_FINISHED = (
    update(InboundEvent)
    .where(InboundEvent.id == bindparam("event_id"))
    .values(status=DONE, done_at=bindparam("now"), payload=None)
)
_FINISHED_WITH_IT = (
    update(InboundEvent)
    .where(InboundEvent.id.in_(bindparam("event_ids", expanding=True)))
    .values(status=DONE, done_at=bindparam("now"), lead_event_id=bindparam("lead"))
    .execution_options(synchronize_session=False)
)


async def waiting_events(session: AsyncSession, conversation_id: str) -> Waiting:
    """Return the first events that wait in the conversation, with the ``seq`` of what we said last."""
    with session.no_autoflush:  # nothing of ours that is still to be written changes what waits
        rows = await session.execute(_WAITING, {"conversation_id": conversation_id})
    return [(event, message, last_said) for event, message, last_said in rows]


def first_batch(waiting: Waiting, now: datetime, begun: Collection[int] = ()) -> Batch:
    """Return the events to work on next; none when nothing waits.

    One that must wait makes those behind it wait as well: the order is the customer's. ``begun`` are the ids of those
    that a turn works on at its first attempt.
    """
    if not waiting or not _is_due(waiting[0][0], now):
        return ()
    batch = [waiting[0][:2]]
    for event, message, last_said in waiting[1:]:
        if len(batch) == MOST_MESSAGES:
            break
        tried = any(one.attempts and one.id not in begun for one in (batch[0][0], event))
        if tried or not _is_due(event, now) or not _joins(batch, message, last_said):
            break
        batch.append((event, message))
    return batch


def after(waiting: Waiting | None, event_ids: Collection[int]) -> Waiting | None:
    """Return what waits after these events; None when that is to be read, because more may wait than was read."""
    if waiting is None or len(waiting) == MOST_READ:
        return None
    return [row for row in waiting if row[0].id not in event_ids]


def _is_due(event: InboundEvent, now: datetime) -> bool:
    return event.not_before is None or event.not_before <= now


def _joins(batch: Batch, message: Message | None, last_said: int) -> bool:
    """Return whether the message can be taken together with those before it."""
    first = batch[0][1]
    if first is None or message is None or first.chosen is not None or message.chosen is not None:
        return False
    length = sum(len(one.text) + 1 for _, one in batch if one is not None) + len(message.text)
    return length <= MAX_TEXT and _kind(first, last_said) == _kind(message, last_said)


def _kind(message: Message, last_said: int) -> tuple[object, ...]:
    return message.channel_user_id, message.private, was_unseen(message, last_said)


def was_unseen(message: Message, last_said: int) -> bool:
    """Return whether the customer wrote the message without having seen our reply of this ``seq``."""
    seen = message.seen_seq if message.seen_seq is not None else message.seq
    return last_said > min(message.seq - 1, seen)


async def finish_batch(session: AsyncSession, event_ids: Sequence[int], now: datetime) -> None:
    """Mark the events of a batch as worked on; the first leads it."""
    lead, *others = event_ids
    await session.execute(_FINISHED, {"event_id": lead, "now": now})
    if others:
        await session.execute(_FINISHED_WITH_IT, {"event_ids": others, "lead": lead, "now": now})


async def messages_taken_with(session: AsyncSession, message: Message) -> list[Message]:
    """Return the messages of the batch that an answered message led, itself first; it alone when it led none."""
    lead = select(InboundEvent.id).where(InboundEvent.message_id == message.id).scalar_subquery()
    query = (
        select(Message)
        .join(InboundEvent, InboundEvent.message_id == Message.id)
        .where(
            InboundEvent.conversation_id == message.conversation_id,
            InboundEvent.status == DONE,
            or_(InboundEvent.lead_event_id == lead, InboundEvent.id == lead),
        )
        .order_by(InboundEvent.id)
    )
    return list(await session.scalars(query)) or [message]
