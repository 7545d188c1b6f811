"""The desk's view of a conversation: the headline facts first, the details beside them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import rating, transcript
from bot.services.core.context import Context
from bot.services.desk import (
    collected_answers,
    conversation_news,
    entitlement_view,
    issue_search,
    link_issues,
    mail_people,
    tags,
    verify_caller,
)
from bot.services.desk.answer_way import answer_way
from bot.services.desk.contact_links import contact_links, describe_customer
from bot.services.desk.file_looks import look_of
from bot.services.desk.labels import IMPACTS, STATUSES, word_for
from bot.services.desk.timeline import timeline
from bot.services.hand_off.open_hand_offs import OPEN_STATES
from bot.services.intake import draft
from bot.services.mail import outgoing_mail
from bot.services.queue import queue_order
from bot.services.technician import access
from bot.store.lookup import its_issue
from bot.store.tables import (
    Attachment,
    Call,
    Conversation,
    Customer,
    HandOff,
    Issue,
    SearchRecord,
    Technician,
)


async def conversation_details(ctx: Context, technician: Technician, conversation_id: str) -> dict[str, Any]:
    """Return the conversation's whole picture; the reading is recorded. Raises NotFound."""
    await access.open_conversation(ctx, technician, conversation_id)
    now = ctx.clock()
    async with ctx.db.read() as session:
        conversation = await access.load_readable(session, technician, conversation_id)
        customer = await session.get_one(Customer, conversation.customer_id)
        issue = await its_issue(session, conversation)
        asked = await collected_answers.asked_for(session, ctx, issue) if issue else None
        contact = asked.contact if asked else ""
        glance = collected_answers.at_a_glance(asked, issue.impact) if issue and asked else []
        spoken = ctx.support_for(conversation)
        links = contact_links(contact or customer.email or customer.phone or "", issue.reference if issue else None)
        mail_works = await outgoing_mail.works(session, ctx)
        return {
            "conversation_id": conversation.id,
            "state": await conversation_news.desk_state(ctx, session, conversation, technician),
            "channel": conversation.channel,
            "page_url": conversation.page_url,
            "mood": conversation.mood,
            "customer": describe_customer(ctx, conversation, customer, now),
            "contact": links,
            "answer_way": answer_way(conversation.channel, links, mail_works=mail_works),
            "issue": await _issue(session, ctx, issue, asked) if issue and asked else None,
            "glance": glance,
            "to_ask": collected_answers.questions_to_ask(asked, spoken, glance) if asked else [],
            "links": await link_issues.linked_issues(session, issue) if issue else [],
            "rating": await rating.rating_of_issue(session, issue.id) if issue else None,
            "files": await _files(session, conversation),
            "calls": await _calls(session, conversation),
            "caller": await verify_caller.verified_caller(session, ctx, conversation),
            "entitlement": await entitlement_view.entitlement_view(session, ctx, issue, customer),
            "hand_off": await _hand_off(session, ctx, conversation, technician, now),
            "mail": {
                "works": mail_works,
                "bounced": await outgoing_mail.bounced(session, conversation),
            },
            "mail_people": await mail_people.people_view(session, conversation),
            "searches": await _searches(session, conversation),
            "other_issues": await _others(session, ctx, customer, issue),
            "timeline": await timeline(
                session, ctx.office_for(conversation), conversation.id, issue.id if issue else None
            ),
        }


async def _issue(session: AsyncSession, ctx: Context, issue: Issue, asked: draft.Draft) -> dict[str, Any]:
    holder = await session.get(Technician, issue.technician_id) if issue.technician_id else None
    return {
        **issue_search.issue_view(ctx, issue, holder.name if holder else None, asked.contact),
        **collected_answers.collect_answers(ctx, asked),
        "tags": (await tags.tags_of(session, [issue.reference])).get(issue.reference, []),
    }


async def _hand_off(
    session: AsyncSession, ctx: Context, conversation: Conversation, technician: Technician, now: datetime
) -> dict[str, Any] | None:
    """Return the open hand-off, or the newest one that ended: why it was asked for and what was noted with it."""
    its_own_first = case((HandOff.issue_id == conversation.issue_id, 0), else_=1)
    newest = (
        select(HandOff)
        .where(HandOff.conversation_id == conversation.id)
        .order_by(its_own_first, HandOff.id.desc())
        .limit(1)
    )
    hand_off = await session.scalar(newest)
    if hand_off is None:
        return None
    wanted = await session.get(Technician, hand_off.for_technician_id) if hand_off.for_technician_id else None
    since = queue_order.in_line_since(hand_off) if hand_off.state == queue_order.WAITING else hand_off.created_at
    until = hand_off.claimed_at or hand_off.ended_at or now
    return {
        "id": hand_off.id,
        "state": hand_off.state,
        "open": hand_off.state in OPEN_STATES,
        "team": hand_off.team,
        "team_title": ctx.support.team_title(hand_off.team),
        "for": wanted.name if wanted else None,
        "for_me": hand_off.for_technician_id == technician.id,
        "note": hand_off.note,
        "asked_out_of_hours": hand_off.asked_out_of_hours,
        "since": since.isoformat(),
        "created_at": hand_off.created_at.isoformat(),
        "waiting_seconds": max(0, int((until - since).total_seconds())),
    }


async def _searches(session: AsyncSession, conversation: Conversation) -> list[dict[str, Any]]:
    """Return what the manual was asked and which pages the customer was shown."""
    query = select(SearchRecord).where(SearchRecord.conversation_id == conversation.id).order_by(SearchRecord.id)
    return [
        {
            "question": search.question,
            "pages": [{"title": page.get("title", ""), "url": page.get("url", "")} for page in search.shown],
            "solved": search.solved,
            "created_at": search.created_at.isoformat(),
        }
        for search in await session.scalars(query)
    ]


async def _files(session: AsyncSession, conversation: Conversation) -> list[dict[str, Any]]:
    """Return every file that was sent with a message; ``look`` says how it is shown, None for one that is not."""
    query = select(Attachment).where(Attachment.conversation_id == conversation.id, Attachment.message_id.is_not(None))
    return [
        {**transcript.attachment_view(file), "look": look_of(file.content_type) if file.size else None}
        for file in await session.scalars(query.order_by(Attachment.created_at))
    ]


async def _calls(session: AsyncSession, conversation: Conversation) -> list[dict[str, Any]]:
    """Return the calls that ended, with their minutes."""
    query = (
        select(Call, Technician.name)
        .join(Technician, Technician.id == Call.technician_id)
        .where(Call.conversation_id == conversation.id, Call.ended_at.is_not(None))
        .order_by(Call.id)
    )
    rows = await session.execute(query)
    return [{"at": call.started_at.isoformat(), "who": name, "minutes": call.minutes} for call, name in rows]


async def _others(
    session: AsyncSession, ctx: Context, customer: Customer, issue: Issue | None
) -> Sequence[dict[str, Any]]:
    query = select(Issue).where(Issue.customer_id == customer.id).order_by(Issue.id.desc()).limit(20)
    return [
        {
            "reference": other.reference,
            "title": other.title,
            "status": other.status,
            "status_text": word_for(STATUSES, other.status),
            "impact_text": word_for(IMPACTS, other.impact),
            "category_title": ctx.support.category_title(other.category),
            "created_at": other.created_at.isoformat(),
        }
        for other in await session.scalars(query)
        if issue is None or other.id != issue.id
    ]
