"""Assign who waits to technicians, by team, load and presence, where the office wishes that; and take back what an
assigned technician leaves waiting.

An assignment is a mark ("for Anna"), not a claim: the customer hears a name once somebody is there.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.topics import DESK
from bot.services.hand_off import silence
from bot.services.queue import queue_order
from bot.store.locks import lock_conversation
from bot.store.tables import Conversation, DeskSession, HandOff, Technician
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.hand_off.ownership import Owner

ACTOR = "assignment"
AVAILABLE, AWAY = "available", "away"


async def assign_waiting(ctx: Context) -> None:
    """Mark each waiting hand-off for the available technician of its team who has the least to do."""
    now = ctx.clock()
    if not ctx.support.queue.assign_automatically or not ctx.support.office_hours.state_at(now).open:
        return
    async with ctx.db.read() as session:
        line = [one.hand_off_id for one in await queue_order.waiting_hand_offs(session, ctx.support.queue_policy)]
        rows = {one.id: one for one in await session.scalars(select(HandOff).where(HandOff.id.in_(line)))}
        people = await _present(session, now)
        loads = await _loads(session)
    for hand_off in (rows[number] for number in line if number in rows):
        if not _is_free(ctx, hand_off, now):
            continue
        chosen = _choose(ctx, hand_off, people, loads)
        if await _assign(ctx, hand_off.id, hand_off.conversation_id, chosen) and chosen is not None:
            loads[chosen] += 1


def _is_free(ctx: Context, hand_off: HandOff, now: datetime) -> bool:
    """Return whether nobody is to take it, or its technician was assigned and let it wait too long."""
    if hand_off.for_technician_id is None:
        return True
    if hand_off.assigned_at is None:
        return False
    allowed = timedelta(minutes=ctx.support.queue.silence_minutes)
    return ctx.support.office_hours.open_time(hand_off.assigned_at, now) >= allowed


async def _present(session: AsyncSession, now: datetime) -> Sequence[Technician]:
    """Return the technicians who are available and signed in."""
    signed_in = exists().where(DeskSession.technician_id == Technician.id, DeskSession.expires_at > now)
    query = select(Technician).where(Technician.active, Technician.availability == AVAILABLE, signed_in)
    return (await session.scalars(query.order_by(Technician.id))).all()


async def _loads(session: AsyncSession) -> Counter[int]:
    """Return how many conversations each technician has, or is to take."""
    held = select(HandOff.conversation_id, HandOff.technician_id).where(HandOff.state == "claimed").distinct()
    marked = select(HandOff.conversation_id, HandOff.for_technician_id).where(
        HandOff.state == "waiting", HandOff.for_technician_id.is_not(None)
    )
    found: Counter[int] = Counter()
    for query in (held, marked.distinct()):
        found.update(person for _, person in await session.execute(query))
    return found


def _choose(ctx: Context, hand_off: HandOff, people: Sequence[Technician], loads: Counter[int]) -> int | None:
    """Return who has the least to do, of the hand-off's team before those of no team; None when all are full."""
    fitting = [
        one
        for one in people
        if one.team in (None, hand_off.team)
        and loads[one.id] < ctx.support.queue.most_each
        and one.id != hand_off.for_technician_id
    ]
    best = min(fitting, key=lambda one: (one.team is None, loads[one.id], one.id), default=None)
    return best.id if best is not None else None


@unit_of_work()
async def _assign(
    session: AsyncSession, ctx: Context, hand_off_id: int, conversation_id: str, chosen: int | None
) -> bool:
    conversation, now = await lock_conversation(session, conversation_id), ctx.clock()
    hand_off = await session.get_one(HandOff, hand_off_id, populate_existing=True)
    if conversation is None or hand_off.state != "waiting" or not _is_free(ctx, hand_off, now):
        return False
    if hand_off.for_technician_id == chosen:
        return False
    hand_off.for_technician_id, hand_off.updated_at = chosen, now
    hand_off.assigned_at = now if chosen is not None else None
    details = {"hand_off": hand_off.id, "technician": chosen}
    audit.record(session, ACTOR, "hand_off.assign", now, conversation=conversation, details=details)
    after_commit(session, ctx.wake, DESK)
    return True


async def leave(ctx: Context, technician_id: int, availability: str) -> None:
    """Let nobody wait for a technician who is not there: what is marked for them is everybody's again, and where the
    customer waits for somebody who is away, the conversation goes back to the queue in its old place.
    """
    if availability == AVAILABLE:
        return
    await _unmark(ctx, technician_id)
    if availability != AWAY:
        return
    async with ctx.db.read() as session:
        mine = (Conversation.owner == Owner.TECHNICIAN, Conversation.technician_id == technician_id)
        held = list(await session.scalars(select(Conversation.id).where(*mine)))
    for conversation_id in held:
        await silence.return_unanswered_of(ctx, conversation_id, technician_id)


@unit_of_work()
async def _unmark(session: AsyncSession, ctx: Context, technician_id: int) -> None:
    marked = update(HandOff).where(HandOff.state == "waiting", HandOff.for_technician_id == technician_id)
    await session.execute(marked.values(for_technician_id=None, assigned_at=None, updated_at=ctx.clock()))
    after_commit(session, ctx.wake, DESK)
