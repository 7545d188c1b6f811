"""The technicians' queue: every open hand-off with what decides who should take it."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.dialogue.draft import ANSWERED, CONTACT
from bot.services.core.context import Context
from bot.services.core.errors import Invalid
from bot.services.desk import delayed_actions, mentions
from bot.services.desk.labels import ENTITLEMENTS, IMPACTS, STATUSES, word_for
from bot.services.desk.product_choice import product_title
from bot.services.hand_off.open_hand_offs import OPEN_STATES
from bot.services.queue import queue_order
from bot.services.technician import access
from bot.store.tables import (
    Conversation,
    ConversationRead,
    Customer,
    HandOff,
    IntakeAnswer,
    Issue,
    Message,
    Technician,
)
from bot.triage.hand_off.ownership import Owner
from bot.triage.issue.issue_status import IssueStatus

WAITING, CLAIMED = OPEN_STATES
VIEWS = ("waiting", "mine", "all")
MOST_ENDED = 50
# The stream names conversations and colleagues, and says nobody's words.
MENTION_FIELDS: tuple[Literal["id"], Literal["conversation_id"], Literal["by"]] = ("id", "conversation_id", "by")

_holder = aliased(Technician)
_wanted = aliased(Technician)


async def list_queue(ctx: Context, technician: Technician, view: str, team: str | None = None) -> list[dict[str, Any]]:
    """Return the hand-offs of one view: ``waiting`` in the order of service, ``mine`` by when I claimed them, or
    ``all``: both, everybody's, and then the last 50 that ended. ``team`` narrows it down. The reading is recorded.

    Three queries to read whatever their number. Raises Invalid for any other view.
    """
    if view not in VIEWS:
        raise Invalid(f"state must be one of {', '.join(VIEWS)}.")
    now = ctx.clock()
    async with ctx.db.read() as session:
        listed = await view_of_queue(session, ctx, technician, view)
        lately = await access.read_lately(session, technician, now)
    await access.record_list(ctx, technician, lately, now)
    return [row for row in listed if team in (None, row["team"])]


async def view_of_queue(session: AsyncSession, ctx: Context, technician: Technician, view: str) -> list[dict[str, Any]]:
    """Return the rows of a view, or of ``work``: who waits, and what is mine. Two or three queries."""
    rows = await _rows(session, technician, view)
    if view != "mine":
        waiting = await queue_order.waiting_hand_offs(session, ctx.support.queue_policy)
        line = {one.hand_off_id: place for place, one in enumerate(waiting)}
        rows.sort(key=lambda row: _place(row.HandOff, line))
    if view == "all":
        ended = _query().where(HandOff.state.not_in(OPEN_STATES))
        rows += (await session.execute(ended.order_by(HandOff.ended_at.desc()).limit(MOST_ENDED))).all()
    now = ctx.clock()
    shown = [_shown(ctx, technician, row, now) for row in rows]
    _name_together(shown)
    return shown


def _name_together(shown: list[dict[str, Any]]) -> None:
    """Give each row the references of the other open hand-offs of its conversation, which are taken together."""
    held: dict[str, list[str]] = {}
    for one in shown:
        one["together"] = []
        if one["state"] in OPEN_STATES:
            held.setdefault(one["conversation_id"], []).append(one["reference"])
    for one in shown:
        if one["state"] in OPEN_STATES:
            one["together"] = [other for other in held[one["conversation_id"]] if other != one["reference"]]


async def queue_counts(ctx: Context, technician: Technician) -> dict[str, Any]:
    """Return the queue in numbers: who waits, who of them for me, how much is mine, how much of that waits for my
    answer, where customers wrote what I have not read (by conversation, how many messages), how many of my issues
    remind me, what I can undo (``delayed``), and who mentioned me in what I have not read.

    ``changed`` differs whenever a view may look different.
    """
    waits = (
        select(HandOff.id, HandOff.for_technician_id)
        .where(HandOff.state == WAITING)
        .order_by(HandOff.created_at, HandOff.id)
    )
    mine = (
        select(func.count(), func.count().filter(Issue.status == IssueStatus.IN_PROGRESS))
        .select_from(HandOff)
        .join(Issue, Issue.id == HandOff.issue_id)
        .where(HandOff.state == CLAIMED, HandOff.technician_id == technician.id)
    )
    due = select(func.count()).where(
        Issue.technician_id == technician.id, Issue.reminded_at.is_not(None), Issue.status != IssueStatus.RESOLVED
    )
    stamps = select(
        select(func.max(HandOff.updated_at)).scalar_subquery(), select(func.max(Issue.updated_at)).scalar_subquery()
    )
    async with ctx.db.read() as session:
        waiting = (await session.execute(waits)).all()
        unread = {row.conversation_id: row.unread for row in await session.execute(unread_of_mine(technician))}
        number, to_answer = (await session.execute(mine)).one()
        reminders = await session.scalar(due) or 0
        delayed = await delayed_actions.actions_of(session, ctx, technician)
        named = await mentions.mentions_of(session, ctx, technician, unread_only=True)
        unread_mentions = [{name: one[name] for name in MENTION_FIELDS} for one in named]
        newest = [stamp.isoformat() for stamp in (await session.execute(stamps)).one() if stamp is not None]
    return {
        "waiting": [row.id for row in waiting],
        "for_me": [row.id for row in waiting if row.for_technician_id == technician.id],
        "unread": unread,
        "mine": number,
        "to_answer": to_answer,
        "due": reminders,
        "delayed": delayed,
        "mentions": unread_mentions,
        "changed": max(newest, default=""),
    }


def unread_of_mine(technician: Technician) -> Select[Any]:
    """Return (conversation_id, unread) of each conversation of the technician's with unread words of its customer.

    What was written before the claim is answered by the claim: it tells of nobody who writes now.
    """
    claimed = select(func.min(HandOff.claimed_at)).where(
        HandOff.conversation_id == Conversation.id,
        HandOff.state == CLAIMED,
        HandOff.technician_id == technician.id,
    )
    read = and_(ConversationRead.conversation_id == Conversation.id, ConversationRead.technician_id == technician.id)
    return (
        select(Conversation.id.label("conversation_id"), func.count().label("unread"))
        .join(Message, and_(Message.conversation_id == Conversation.id, Message.author == "customer"))
        .outerjoin(ConversationRead, read)
        .where(
            Conversation.owner == Owner.TECHNICIAN,
            Conversation.technician_id == technician.id,
            Message.seq > func.coalesce(ConversationRead.seq, 0),
            Message.created_at >= claimed.scalar_subquery(),
        )
        .group_by(Conversation.id)
    )


async def _rows(session: AsyncSession, technician: Technician, view: str) -> list[Row[Any]]:
    query = _query()
    if view == "mine":
        query = query.where(HandOff.state == CLAIMED, HandOff.technician_id == technician.id)
    elif view == "waiting":
        query = query.where(HandOff.state == WAITING)
    elif view == "work":
        mine = and_(HandOff.state == CLAIMED, HandOff.technician_id == technician.id)
        query = query.where(or_(HandOff.state == WAITING, mine))
    else:
        query = query.where(HandOff.state.in_(OPEN_STATES))
    return list((await session.execute(query.order_by(HandOff.claimed_at, HandOff.id))).all())


def _query() -> Select[Any]:
    contact = and_(
        IntakeAnswer.intake_id == Issue.intake_id,
        IntakeAnswer.question_id == CONTACT,
        IntakeAnswer.status == ANSWERED,
    )
    return (
        select(
            HandOff,
            Issue,
            Conversation,
            Customer,
            IntakeAnswer.value.label("contact"),
            _holder.name.label("holder"),
            _wanted.name.label("wanted"),
        )
        .join(Issue, Issue.id == HandOff.issue_id)
        .join(Conversation, Conversation.id == HandOff.conversation_id)
        .join(Customer, Customer.id == Conversation.customer_id)
        .outerjoin(IntakeAnswer, contact)
        .outerjoin(_holder, _holder.id == HandOff.technician_id)
        .outerjoin(_wanted, _wanted.id == HandOff.for_technician_id)
    )


def _place(hand_off: HandOff, line: dict[int, int]) -> tuple[int, float]:
    if hand_off.id in line:
        return 0, line[hand_off.id]
    return 1, hand_off.claimed_at.timestamp() if hand_off.claimed_at else 0.0


def _shown(ctx: Context, technician: Technician, row: Row[Any], now: datetime) -> dict[str, Any]:
    hand_off, issue, conversation, customer = row.HandOff, row.Issue, row.Conversation, row.Customer
    # Who was passed on has waited since they first asked; what has ended is measured by itself.
    since = queue_order.in_line_since(hand_off) if hand_off.state == WAITING else hand_off.created_at
    until = hand_off.claimed_at or hand_off.ended_at or now
    return {
        "id": hand_off.id,
        "conversation_id": hand_off.conversation_id,
        "reference": issue.reference,
        "title": issue.title,
        "product": issue.product,
        "product_title": product_title(ctx.support, issue.product),
        "category": issue.category,
        "category_title": ctx.support.category_title(issue.category),
        "team": hand_off.team,
        "team_title": ctx.support.team_title(hand_off.team),
        "state": hand_off.state,
        "status": issue.status,
        "status_text": word_for(STATUSES, issue.status),
        "waiting_seconds": max(0, int((until - since).total_seconds())),
        "since": since.isoformat(),
        "created_at": hand_off.created_at.isoformat(),
        "entitlement": issue.entitlement,
        "entitlement_text": word_for(ENTITLEMENTS, issue.entitlement),
        "impact": issue.impact,
        "impact_text": word_for(IMPACTS, issue.impact),
        "mood": conversation.mood,
        "owner": conversation.owner,
        "technician": row.holder,
        "customer": customer.name,
        "contact": row.contact or customer.email or customer.phone,
        "details_complete": issue.details_complete,
        "known_problem": issue.known_problem_id is not None,
        "asked_out_of_hours": hand_off.asked_out_of_hours,
        "transferred": hand_off.reason == "transfer",
        "not_answered": hand_off.reason == "silence",
        "for": row.wanted,
        "for_me": hand_off.for_technician_id == technician.id,
        "mine": hand_off.state == CLAIMED and hand_off.technician_id == technician.id,
        "reminded": issue.reminded_at is not None,
        "waiting_until": issue.waiting_until.isoformat() if issue.waiting_until else None,
    }
