"""Queue what a staff channel is shown of a hand-off: its card, each change of the card, and what is said meanwhile.

The words are read when an item is sent, so that what was masked or erased by then leaves no more.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.outbox import items
from bot.services.outbox.items import STAFF
from bot.settings.support.teams import StaffAddress
from bot.store.tables import Conversation, HandOff, Message, StaffPlace, StaffThread
from bot.triage.hand_off.ownership import Owner

# What an item of the kind ``staff`` does, by its payload's ``act``.
CARD, REFRESH, SAID, ANSWER = "card", "refresh", "said", "answer"
# Whose messages are shown under the card, and while who has the conversation.
SHOWN_AUTHORS = ("customer", "technician")
SHOWN_OWNERS = (Owner.QUEUE, Owner.TECHNICIAN)
OPEN_STATES = ("waiting", "claimed")
# Built once, because every message asks while a hand-off is open (docs/performance.md).
_THREAD = (
    select(StaffThread, StaffPlace.platform)
    .join(StaffPlace, StaffPlace.id == StaffThread.place_id)
    .join(HandOff, HandOff.id == StaffThread.hand_off_id)
    .where(StaffThread.conversation_id == bindparam("conversation_id"), HandOff.state.in_(OPEN_STATES))
    .order_by(case((HandOff.issue_id == bindparam("issue_id"), 0), else_=1), HandOff.id)
    .limit(1)
)


async def enqueue_card(session: AsyncSession, ctx: Context, hand_off: HandOff) -> None:
    """Queue the card of a new hand-off, if its team has a staff channel."""
    address = ctx.support.staff_channel(hand_off.team)
    if address is None:
        return
    thread = StaffThread(
        hand_off_id=hand_off.id,
        conversation_id=hand_off.conversation_id,
        place_id=await place_id_of(session, address),
        created_at=hand_off.created_at,
    )
    session.add(thread)
    await session.flush()
    await enqueue(session, thread, address.platform, CARD, hand_off.created_at, act=CARD)


async def place_id_of(session: AsyncSession, address: StaffAddress) -> int:
    """Return the id of the channel's row, which is added when there is none."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    key = {"platform": address.platform, "workspace": address.workspace, "channel": address.channel}
    await session.execute(insert(StaffPlace).values(**key, reference={}).on_conflict_do_nothing())
    return (await session.scalars(select(StaffPlace.id).filter_by(**key))).one()


async def refresh_cards(session: AsyncSession, hand_offs: Iterable[HandOff], now: datetime) -> None:
    """Queue that the cards of these hand-offs show how they stand."""
    await _refresh(session, now, StaffThread.hand_off_id.in_([one.id for one in hand_offs]))


async def refresh_cards_of(session: AsyncSession, conversation_ids: Collection[str], now: datetime) -> None:
    """Queue the same for all cards of these conversations."""
    await _refresh(session, now, StaffThread.conversation_id.in_(conversation_ids))


async def _refresh(session: AsyncSession, now: datetime, which: Any) -> None:
    query = select(StaffThread, StaffPlace.platform).join(StaffPlace, StaffPlace.id == StaffThread.place_id)
    for thread, platform in (await session.execute(query.where(which))).all():
        await enqueue(session, thread, platform, f"{REFRESH}:{now.isoformat()}", now, act=REFRESH)


async def enqueue_said(session: AsyncSession, conversation: Conversation, message: Message, now: datetime) -> None:
    """Queue that a message of the customer or of a technician is shown under the card, while a hand-off is open."""
    if message.author not in SHOWN_AUTHORS or conversation.owner not in SHOWN_OWNERS:
        return
    values = {"conversation_id": conversation.id, "issue_id": conversation.issue_id}
    found = (await session.execute(_THREAD, values)).first()
    if found is not None:
        await enqueue(session, found[0], found[1], f"{SAID}:{message.id}", now, act=SAID, message=message.id)


async def enqueue_answer(
    session: AsyncSession, thread: StaffThread, platform: str, key: str, now: datetime, **payload: Any
) -> None:
    """Queue an answer to what was written under a card, once for each ``key``."""
    await enqueue(session, thread, platform, f"{ANSWER}:{key}", now, act=ANSWER, **payload)


async def enqueue(
    session: AsyncSession, thread: StaffThread, platform: str, key: str, now: datetime, **payload: Any
) -> None:
    """Queue an item for a thread, in order with the thread's others."""
    await items.enqueue(
        session,
        kind=STAFF,
        key=f"staff:{thread.id}:{key}"[:200],
        target=platform,
        now=now,
        lane=f"staff:{thread.id}",
        conversation_id=thread.conversation_id,
        hand_off_id=thread.hand_off_id,
        payload=payload,
    )
