"""Bring a conversation to a technician and back: every step changes owner, hand-off and issue together."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.context import GIVEN_BACK
from bot.services.billing import terms
from bot.services.conversation import lifecycle, staff_items, transcript
from bot.services.conversation.system_notice import SystemNotice
from bot.services.core import audit, hours_wording
from bot.services.core.context import Context
from bot.services.core.errors import (
    AlreadyTaken,
    Conflict,
    NoIssue,
    NotFound,
    NotHandedOff,
    NotOwner,
    UnknownTarget,
)
from bot.services.core.topics import DESK
from bot.services.hand_off import notify_team, ownership, pending_events, phone_calls, returned
from bot.services.hand_off.open_hand_offs import CLAIMED, issues_of, never_handed_off, open_hand_offs
from bot.services.intake import draft
from bot.services.issue import issue_status
from bot.services.queue import queue_order
from bot.services.technician import access
from bot.store.lookup import its_issue
from bot.store.tables import Conversation, HandOff, InboundEvent, Issue, Technician
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.billing.entitlement import Kind
from bot.triage.hand_off.ownership import Event, Owner
from bot.triage.issue.issue_status import IssueStatus


async def request_hand_off(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    *,
    reason: str,
    actor: str,
    also: Sequence[str] = (),
) -> HandOff | None:
    """Put the conversation's issue in the queue, and all others of it that no technician was told of.

    ``also`` are references of further issues that are to wait again. ``queue_notices`` has what the customer hears.
    An issue that was given back and is not solved keeps its place, and its technician if they are there. None when the
    conversation is in the queue or with a technician already: asking twice is not an error, and an issue that was
    logged meanwhile joins the others.
    """
    if conversation.owner == Owner.CLOSED or conversation.issue_id is None:
        return None
    now, before = ctx.clock(), Owner(conversation.owner)
    if before == Owner.ASSISTANT:
        await ownership.change_owner(session, conversation, Event.HAND_OFF, actor=actor, reason=reason, now=now)
    joined = [
        await _join_again(session, ctx, conversation, issue, reason, now)
        for issue in await _to_hand_off(session, conversation, also)
    ]
    if before == Owner.TECHNICIAN and joined:
        technician = await session.get_one(Technician, conversation.technician_id)
        await hold(session, ctx, conversation, joined, technician, now)
    return next(one for one in joined if one.issue_id == conversation.issue_id) if before == Owner.ASSISTANT else None


async def _to_hand_off(session: AsyncSession, conversation: Conversation, also: Sequence[str]) -> list[Issue]:
    """Return the issues that are to wait and do not yet, in the order of logging."""
    own = await issue_of(session, conversation)
    named = await session.scalars(
        select(Issue).where(Issue.reference.in_(also), Issue.conversation_id == conversation.id)
    )
    found = {one.id: one for one in (own, *named, *await never_handed_off(session, conversation))}
    there = {one.issue_id for one in await open_hand_offs(session, conversation)}
    return [found[one] for one in sorted(found) if one not in there]


async def _join_again(
    session: AsyncSession, ctx: Context, conversation: Conversation, issue: Issue, reason: str, now: datetime
) -> HandOff:
    kept = await returned.place_before_return(session, issue, now)
    technician_id, since = (kept.technician_id, kept.line_since) if kept else (None, None)
    return await join_queue(
        session, ctx, conversation, issue, reason, now, for_technician_id=technician_id, line_since=since
    )


async def join_queue(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    issue: Issue,
    reason: str,
    now: datetime,
    *,
    team: str | None = None,
    for_technician_id: int | None = None,
    note: str | None = None,
    line_since: datetime | None = None,
) -> HandOff:
    """Return a new waiting hand-off; with ``line_since`` the customer keeps the place of an earlier one."""
    hand_off = HandOff(
        conversation_id=conversation.id,
        issue_id=issue.id,
        team=team or issue.team,
        for_technician_id=for_technician_id,
        reason=reason,
        note=note,
        asked_out_of_hours=not ctx.support.office_hours.state_at(now).open,
        line_since=line_since,
        created_at=now,
        updated_at=now,
    )
    session.add(hand_off)
    await session.flush()
    await notify_team.enqueue_notices(session, ctx, hand_off)
    await staff_items.enqueue_card(session, ctx, hand_off)
    return hand_off


async def queue_notices(session: AsyncSession, ctx: Context, conversation: Conversation) -> list[SystemNotice]:
    """Return the place in the queue, with the hours while nobody is there, and then who pays unless that was said."""
    words = await _queue_place(session, ctx, conversation, ctx.clock())
    waiting = await issues_of(session, await open_hand_offs(session, conversation))
    costs = next((one for one in waiting if one.entitlement == Kind.PAYMENT_REQUIRED), None)
    issue = costs or await issue_of(session, conversation)
    who_pays = await terms.terms_notice(session, ctx, conversation, issue)
    return [SystemNotice(words), *([who_pays] if who_pays is not None else [])]


async def post_queue_notices(session: AsyncSession, ctx: Context, conversation: Conversation) -> None:
    """Say the notices of a hand-off where no reply of the assistant holds them."""
    for notice in await queue_notices(session, ctx, conversation):
        await transcript.say(
            session,
            conversation,
            ctx.clock(),
            notice.text,
            author_name=ctx.office_for(conversation).company,
            choices=notice.choices,
            cards=notice.cards,
        )


async def post_queue_place(session: AsyncSession, ctx: Context, conversation: Conversation, now: datetime) -> None:
    """Say the place in the queue; out of hours say plainly when somebody is back."""
    words = await _queue_place(session, ctx, conversation, now)
    await transcript.say(session, conversation, now, words, author_name=ctx.office_for(conversation).company)


async def _queue_place(session: AsyncSession, ctx: Context, conversation: Conversation, now: datetime) -> str:
    place = await queue_order.queue_position(session, ctx.support.queue_policy, conversation)
    return hours_wording.queue_place(ctx.support_for(conversation), now, place or 1, conversation.time_zone)


async def cancel_hand_off(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    *,
    reason: str,
    actor: str,
    issue_ids: Collection[int] | None = None,
) -> None:
    """Let these issues wait no longer, or all of the conversation's; nothing happens outside the queue.

    The conversation stays in the queue as long as another of its issues waits.
    """
    if conversation.owner != Owner.QUEUE:
        return
    now = ctx.clock()
    waiting = await open_hand_offs(session, conversation)
    left = [one for one in waiting if issue_ids is None or one.issue_id in issue_ids]
    if not left:
        return
    if len(left) == len(waiting):
        await ownership.change_owner(session, conversation, Event.CANCEL, actor=actor, reason=reason, now=now)
    else:
        conversation.issue_id = next(one.issue_id for one in waiting if one not in left)
    await end_hand_offs(session, left, "cancelled", now)


@unit_of_work()
async def claim(session: AsyncSession, ctx: Context, hand_off_id: int, technician: Technician) -> HandOff:
    """Give a waiting hand-off to this technician; of two who try, one wins and the other is told who has it.

    Raises NotFound, or Conflict (``taken``) with the winner's name.
    """
    conversation_id = await session.scalar(select(HandOff.conversation_id).where(HandOff.id == hand_off_id))
    if conversation_id is None:
        raise NotFound("There is no such hand-off.")
    conversation = await lifecycle.load(session, conversation_id, lock=True)
    hand_off = await session.get_one(HandOff, hand_off_id, populate_existing=True)
    if hand_off.state != "waiting":
        raise await _taken(session, hand_off)
    await give_to(session, ctx, conversation, hand_off, technician)
    after_commit(session, wake_conversation, ctx, conversation)
    return hand_off


async def give_to(
    session: AsyncSession, ctx: Context, conversation: Conversation, hand_off: HandOff, technician: Technician
) -> None:
    """Let the technician have a waiting hand-off and all others of its conversation, which is locked.

    The conversation is about the issue of this one.
    """
    now = ctx.clock()
    await ownership.change_owner(
        session,
        conversation,
        Event.CLAIM,
        actor=audit.technician_actor(technician),
        reason="claimed",
        now=now,
        technician_id=technician.id,
    )
    conversation.issue_id = hand_off.issue_id
    await hold(session, ctx, conversation, await open_hand_offs(session, conversation), technician, now)
    text = ctx.support_for(conversation).wording.claimed.format(technician=technician.name)
    await transcript.say(session, conversation, now, text, author_name=ctx.office_for(conversation).company)


async def _taken(session: AsyncSession, hand_off: HandOff) -> Conflict:
    holder = await session.get(Technician, hand_off.technician_id) if hand_off.technician_id else None
    if holder is None:
        return AlreadyTaken("This hand-off is no longer waiting: the customer left the queue.")
    return AlreadyTaken(f"{holder.name} has taken this hand-off already.")


async def hold(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    hand_offs: Sequence[HandOff],
    technician: Technician,
    now: datetime,
) -> None:
    """Give the technician these hand-offs with their issues; a claim ends the questions, the technician asks."""
    actor = audit.technician_actor(technician)
    for hand_off in hand_offs:
        hand_off.state, hand_off.technician_id = CLAIMED, technician.id
        hand_off.claimed_at = hand_off.updated_at = now
    await staff_items.refresh_cards(session, hand_offs, now)
    for issue in await issues_of(session, hand_offs):
        issue.technician_id, issue.updated_at = technician.id, now
        issue_status.change_status(session, issue, IssueStatus.IN_PROGRESS, actor=actor, now=now)
    current = await draft.current_draft(session, ctx.office_for(conversation), conversation.id)
    if current is not None:
        current.intake.state, current.intake.asking = "done", None


@unit_of_work()
async def give_back(
    session: AsyncSession, ctx: Context, conversation_id: str, technician: Technician, note: str
) -> None:
    """Return the conversation with all its issues to the assistant, which says what was done and asks if it worked."""
    now = ctx.clock()
    conversation = await owned_by(session, conversation_id, technician)
    await pending_events.settle_pending_events(session, ctx, conversation)
    await ownership.change_owner(
        session,
        conversation,
        Event.GIVE_BACK,
        actor=audit.technician_actor(technician),
        reason="returned",
        now=now,
    )
    held = await end_open(session, conversation, "done", now, note=note)
    references = [issue.reference for issue in await issues_of(session, sorted(held, key=lambda one: one.id))]
    together = {"references": references} if len(references) > 1 else {}
    # The assistant speaks next without being spoken to: an event of its own makes it a turn.
    session.add(
        InboundEvent(
            source=DESK,
            source_id=returned.return_event(held[0]),
            conversation_id=conversation.id,
            payload={"kind": GIVEN_BACK, "note": note, "technician": technician.name, **together},
            created_at=now,
        )
    )
    after_commit(session, wake_conversation, ctx, conversation)
    after_commit(session, ctx.work, conversation.id)


async def transfer_within(
    session: AsyncSession,
    ctx: Context,
    conversation_id: str,
    technician: Technician,
    *,
    team: str | None = None,
    to_technician_id: int | None = None,
    note: str | None = None,
) -> None:
    """Put the conversation back in the queue, for another team or for one colleague, who read the note.

    Raises Invalid when neither or an unknown one is named.
    """
    conversation = await owned_by(session, conversation_id, technician)
    await requeue(
        session,
        ctx,
        conversation,
        technician,
        team=team,
        to_technician_id=to_technician_id,
        note=note,
    )
    after_commit(session, wake_conversation, ctx, conversation)


transfer = unit_of_work()(transfer_within)


async def requeue(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    technician: Technician,
    *,
    team: str | None = None,
    to_technician_id: int | None = None,
    note: str | None = None,
    for_today: bool = False,
) -> None:
    """Put a conversation that the technician owns, and that is locked, back in the queue with all its issues.

    ``for_today``: the technician goes home, and the customer hears who goes on and when. Raises UnknownTarget.
    """
    now = ctx.clock()
    target = await target_name(session, ctx, team, to_technician_id)
    await pending_events.settle_pending_events(session, ctx, conversation)
    await ownership.change_owner(
        session,
        conversation,
        Event.TRANSFER,
        actor=audit.technician_actor(technician),
        reason="transfer",
        now=now,
    )
    held = await end_open(session, conversation, "done", now)
    for was, issue in zip(held, await issues_of(session, held), strict=True):
        issue.team, issue.updated_at = team or issue.team, now
        await join_queue(
            session,
            ctx,
            conversation,
            issue,
            "transfer",
            now,
            team=team,
            for_technician_id=to_technician_id,
            note=note,
            line_since=queue_order.in_line_since(was),
        )
    issue = await issue_of(session, conversation)
    if for_today:
        hours = hours_wording.hours_now(ctx.support_for(conversation), now, conversation.time_zone)
        words = {"technician": technician.name, "target": target, "reference": issue.reference, "hours": hours}
        text = ctx.support_for(conversation).wording.handed_over.format(**words)
    else:
        text = ctx.support_for(conversation).wording.transferred.format(target=target)
    await transcript.say(session, conversation, now, text, author_name=ctx.office_for(conversation).company)


async def target_name(session: AsyncSession, ctx: Context, team: str | None, technician_id: int | None) -> str:
    """Return the team or colleague as the customer hears it; raises Invalid (``unknown_target``)."""
    if technician_id is not None:
        colleague = await session.get(Technician, technician_id)
        if colleague is not None and colleague.active:
            return colleague.name
    elif team is not None and team in ctx.support.team_titles:
        return ctx.support.team_titles[team]
    raise UnknownTarget("Name one known team or one active technician; nothing was transferred.")


async def owned_by(session: AsyncSession, conversation_id: str, technician: Technician) -> Conversation:
    """Return the conversation, locked, if this technician owns it; raises NotFound or Conflict (``not_owner``)."""
    conversation = await lifecycle.load(session, conversation_id, lock=True)
    await check_owner(session, conversation, technician)
    return conversation


async def check_owner(session: AsyncSession, conversation: Conversation, technician: Technician) -> None:
    """Raise NotFound or Conflict (``not_owner``) unless this technician owns the conversation."""
    if conversation.owner != Owner.TECHNICIAN or conversation.technician_id != technician.id:
        await access.load_readable(session, technician, conversation.id)
        raise NotOwner("You do not have this conversation now; claim it first. Nothing was sent.")


async def issue_of(session: AsyncSession, conversation: Conversation) -> Issue:
    """Return the issue that the conversation is about; raises Conflict (``no_issue``)."""
    issue = await its_issue(session, conversation)
    if issue is None:
        raise NoIssue("This conversation has no issue yet.")
    return issue


async def end_open(
    session: AsyncSession, conversation: Conversation, state: str, now: datetime, note: str | None = None
) -> list[HandOff]:
    """End the conversation's open hand-offs, and a call that still goes on; raises Conflict (``not_handed_off``)."""
    hand_offs = await open_hand_offs(session, conversation)
    if not hand_offs:
        raise NotHandedOff("This conversation is not handed off.")
    await end_hand_offs(session, hand_offs, state, now, note)
    await phone_calls.end_open(session, conversation.id, now)
    return hand_offs


async def end_hand_offs(
    session: AsyncSession, hand_offs: Collection[HandOff], state: str, now: datetime, note: str | None = None
) -> None:
    """End these hand-offs; the note of one that has none to add stays."""
    for hand_off in hand_offs:
        hand_off.state, hand_off.ended_at, hand_off.updated_at = state, now, now
        hand_off.note = note or hand_off.note
    await staff_items.refresh_cards(session, hand_offs, now)


def wake_conversation(ctx: Context, conversation: Conversation) -> None:
    """Tell this conversation's listeners, and the desk."""
    ctx.wake(conversation.id)
    ctx.wake(DESK)
