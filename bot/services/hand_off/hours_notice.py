"""When the office closes, customers hear who goes on and when; when it opens, those who wait hear their place."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import lifecycle, transcript
from bot.services.core import hours_wording
from bot.services.core.context import Context
from bot.services.hand_off.open_hand_offs import OPEN_STATES
from bot.services.queue import queue_order
from bot.store.lookup import its_issue
from bot.store.tables import Conversation, HandOff, Technician
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.hand_off.ownership import Owner

# Later than this after the doors opened or closed, saying so would puzzle more than help.
WORTH_SAYING = timedelta(hours=2)


async def post_hours_notices(ctx: Context) -> None:
    """Say that we close, or are back, once to each customer it concerns; a second run finds nobody."""
    now, hours = ctx.clock(), ctx.support.office_hours
    since = hours.state_since(now)
    if since is None or now - since > WORTH_SAYING:
        return
    open_now = hours.state_at(now).open
    async with ctx.db.read() as session:
        if open_now:
            concerned = await _waiting_since_before(session, since)
        else:
            opened = hours.state_since(since - timedelta(microseconds=1)) or since
            concerned = await _talked_with_today(session, opened, since)
    for conversation_id in concerned:
        await _post_notice(ctx, conversation_id, since, now, open_now)


def _without_notice(since: datetime) -> ColumnElement[bool]:
    return or_(Conversation.hours_told_at.is_(None), Conversation.hours_told_at < since)


async def _waiting_since_before(session: AsyncSession, since: datetime) -> list[str]:
    query = (
        select(Conversation.id)
        .join(HandOff, HandOff.conversation_id == Conversation.id)
        .where(HandOff.state == queue_order.WAITING, HandOff.created_at < since, _without_notice(since))
        .order_by(HandOff.id)
    )
    return list(await session.scalars(query))


async def _talked_with_today(session: AsyncSession, opened: datetime, closed: datetime) -> list[str]:
    """Return who waits or has a technician, and had news while the office was open; not who asked after it closed."""
    query = (
        select(Conversation.id)
        .join(HandOff, HandOff.conversation_id == Conversation.id)
        .where(
            HandOff.state.in_(OPEN_STATES),
            HandOff.created_at < closed,
            Conversation.updated_at >= opened,
            _without_notice(closed),
        )
        .order_by(HandOff.id)
    )
    return list(await session.scalars(query))


@unit_of_work()
async def _post_notice(
    session: AsyncSession, ctx: Context, conversation_id: str, since: datetime, now: datetime, open_now: bool
) -> None:
    conversation = await lifecycle.load(session, conversation_id, lock=True)
    told = conversation.hours_told_at
    if (told is not None and told >= since) or conversation.owner not in (Owner.QUEUE, Owner.TECHNICIAN):
        return
    if open_now and conversation.owner != Owner.QUEUE:
        return
    conversation.hours_told_at = now
    text = await _words(session, ctx, conversation, now, open_now)
    await transcript.say(session, conversation, now, text, author_name=ctx.office_for(conversation).company)
    after_commit(session, ctx.wake, conversation_id)


async def _words(session: AsyncSession, ctx: Context, conversation: Conversation, now: datetime, open_now: bool) -> str:
    words = ctx.support_for(conversation).wording
    hours = hours_wording.hours_now(ctx.support_for(conversation), now, conversation.time_zone)
    issue = await its_issue(session, conversation)
    reference = issue.reference if issue else ""
    if conversation.owner == Owner.TECHNICIAN:
        technician = await session.get_one(Technician, conversation.technician_id)
        return words.closing_with_technician.format(technician=technician.name, reference=reference, hours=hours)
    place = await queue_order.queue_position(session, ctx.support.queue_policy, conversation) or 1
    if open_now:
        return words.opening_in_queue.format(place=place, hours=hours, phone=ctx.office_for(conversation).phone)
    return words.closing_in_queue.format(place=place, reference=reference, hours=hours)
