"""The silence rule: a customer whom their technician does not answer goes back to the queue, in their old place."""

from dataclasses import replace
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import lifecycle, transcript
from bot.services.core.context import Context
from bot.services.hand_off import ownership, pending_events, phone_calls, transitions
from bot.services.hand_off.open_hand_offs import issues_of
from bot.services.queue import queue_order
from bot.store.tables import Call, Conversation, HandOff, Message, Technician
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.hand_off.ownership import Event, Owner
from bot.triage.hand_off.silence import Wait, is_silent

ACTOR = "silence rule"
# When this process noticed that the clock was set forward; absent when it was set back since.
_set_forward_at: WeakKeyDictionary[Context, datetime] = WeakKeyDictionary()


def clock_was_set(ctx: Context, seconds: float) -> None:
    """Count every wait from now on after a jump forward: nobody was silent for the time that was jumped over."""
    if seconds > 0:
        _set_forward_at[ctx] = ctx.clock()
    else:
        _set_forward_at.pop(ctx, None)


async def return_unanswered(ctx: Context) -> None:
    """Put every conversation whose technician is silent back into the queue; a second run finds none."""
    now = ctx.clock()
    if not ctx.support.office_hours.state_at(now).open:
        return
    async with ctx.db.read() as session:
        held = list(await session.scalars(select(Conversation).where(Conversation.owner == Owner.TECHNICIAN)))
        silent = [one.id for one in held if await _is_silent(session, ctx, one, now)]
    for conversation_id in silent:
        await _return(ctx, conversation_id, now)


async def _is_silent(session: AsyncSession, ctx: Context, conversation: Conversation, now: datetime) -> bool:
    allowed = timedelta(minutes=ctx.support.queue.silence_minutes)
    wait = await _wait(session, conversation)
    if (jumped := _set_forward_at.get(ctx)) is not None:
        wait = replace(wait, claimed_at=max(wait.claimed_at, jumped))
    return is_silent(wait, ctx.support.office_hours, allowed, now)


async def _wait(session: AsyncSession, conversation: Conversation) -> Wait:
    claimed_at = await session.scalar(
        select(HandOff.claimed_at).where(HandOff.conversation_id == conversation.id, HandOff.state == "claimed")
    )
    call = await phone_calls.going_on(session, conversation.id)
    return Wait(
        claimed_at=claimed_at or conversation.updated_at,
        unanswered_since=await unanswered_since(session, conversation.id),
        call_began=call.started_at if call else None,
        promised_until=conversation.promised_until,
    )


async def unanswered_since(session: AsyncSession, conversation_id: str) -> datetime | None:
    """Return when the customer wrote the first message that neither a technician's message nor a call came after."""
    of_this = Message.conversation_id == conversation_id
    answered = await session.scalar(select(func.max(Message.seq)).where(of_this, Message.author == "technician"))
    called = await session.scalar(select(func.max(Call.ended_at)).where(Call.conversation_id == conversation_id))
    open_ones = select(Message.created_at).where(of_this, Message.author == "customer", Message.seq > (answered or 0))
    if called is not None:
        open_ones = open_ones.where(Message.created_at > called)
    found: datetime | None = await session.scalar(open_ones.order_by(Message.seq).limit(1))
    return found


@unit_of_work()
async def return_unanswered_of(session: AsyncSession, ctx: Context, conversation_id: str, technician_id: int) -> None:
    """Put a conversation of somebody who left back into the queue when its customer waits for an answer.

    One with a promise that is still to come stays, and one with a call that goes on.
    """
    conversation, now = await lifecycle.load(session, conversation_id, lock=True), ctx.clock()
    if conversation.owner != Owner.TECHNICIAN or conversation.technician_id != technician_id:
        return
    wait = await _wait(session, conversation)
    promised = wait.promised_until is not None and wait.promised_until > now
    if wait.unanswered_since is not None and not promised and wait.call_began is None:
        await _back_to_queue(session, ctx, conversation, now)


@unit_of_work()
async def _return(session: AsyncSession, ctx: Context, conversation_id: str, now: datetime) -> None:
    conversation = await lifecycle.load(session, conversation_id, lock=True)
    # An answer or a move may have come since it was looked at.
    if conversation.owner != Owner.TECHNICIAN or not await _is_silent(session, ctx, conversation, now):
        return
    await _back_to_queue(session, ctx, conversation, now)


async def _back_to_queue(session: AsyncSession, ctx: Context, conversation: Conversation, now: datetime) -> None:
    silent = await session.get_one(Technician, conversation.technician_id)
    await pending_events.settle_pending_events(session, ctx, conversation)
    await ownership.change_owner(session, conversation, Event.SILENCE, actor=ACTOR, reason="silence", now=now)
    held = await transitions.end_open(session, conversation, "done", now)
    for was, issue in zip(held, await issues_of(session, held), strict=True):
        since = queue_order.in_line_since(was)
        await transitions.join_queue(session, ctx, conversation, issue, "silence", now, team=was.team, line_since=since)
    text = ctx.support_for(conversation).wording.technician_silent.format(technician=silent.name)
    await transcript.say(session, conversation, now, text, author_name=ctx.office_for(conversation).company)
    await transitions.post_queue_place(session, ctx, conversation, now)
    after_commit(session, transitions.wake_conversation, ctx, conversation)
