"""Query the facts of the reports: the few columns of a period's rows, each table read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.services.core.context import Context
from bot.store.tables import AuditEntry, Conversation, HandOff, Issue, Message, Rating, SearchRecord, Technician
from bot.triage.issue.issue_status import IssueStatus
from bot.triage.reporting.statistics import Period

REOPENED = ("issue.reopen",)
# A customer who returns within a week after "that solved it" was not helped.
RETURNS_WITHIN = timedelta(days=7)

Rows = Sequence[Row[Any]]


@dataclass(frozen=True)
class Facts:
    """The rows of a period.

    ``responses``: (issue's creation, technician's first message); ``returned``: deflected customers who logged an issue
    within a week; ``unpaid`` is the present state, whatever the period.
    """

    period: Period
    issues: Rows
    conversations: Rows
    searched: dict[str, bool]
    hand_offs: Rows
    responses: Rows
    reopened: Rows
    returned: int
    unpaid: Rows
    ratings: Rows


async def collect_facts(ctx: Context, period: Period, product: str | None = None) -> Facts:
    """Return all facts of the period, of several products those of one: ten queries, whatever its size."""
    async with ctx.db.read(long=True) as session:
        return Facts(
            period=period,
            issues=await _issues(session, period, product),
            conversations=await _conversations(session, period, product),
            searched=await _searched(session, period, product),
            hand_offs=await _hand_offs(session, period, product),
            responses=await _responses(session, period, product),
            reopened=await _reopened(session, period, product),
            returned=await _returned(session, period, product),
            unpaid=await _unpaid(session, product),
            ratings=await _ratings(session, period, product),
        )


def _of(column: InstrumentedAttribute[str | None], product: str | None) -> ColumnElement[bool]:
    return column == product if product is not None else true()


def _within(column: Any, period: Period) -> Any:
    return (column >= period.begins) & (column < period.ends)


async def _issues(session: AsyncSession, period: Period, product: str | None) -> Rows:
    query = (
        select(
            Issue.id,
            Issue.created_at,
            Issue.resolved_at,
            Issue.product,
            Issue.category,
            Issue.team,
            Issue.details_complete,
            Issue.entitlement,
            Technician.name.label("technician"),
        )
        .outerjoin(Technician, Technician.id == Issue.technician_id)
        .where(_within(Issue.created_at, period), _of(Issue.product, product))
    )
    return (await session.execute(query)).all()


async def _conversations(session: AsyncSession, period: Period, product: str | None) -> Rows:
    """Return the conversations in which the customer has written."""
    query = select(
        Conversation.id,
        Conversation.created_at,
        Conversation.updated_at,
        Conversation.owner,
        Conversation.outcome,
        Conversation.issue_id,
    ).where(
        _within(Conversation.created_at, period),
        Conversation.customer_seen_at.is_not(None),
        _of(Conversation.product, product),
    )
    return (await session.execute(query)).all()


async def _searched(session: AsyncSession, period: Period, product: str | None) -> dict[str, bool]:
    """Return the conversations that searched the manual, each with True when it solved something."""
    query = select(SearchRecord.conversation_id, SearchRecord.solved).where(
        _within(SearchRecord.created_at, period),
        SearchRecord.conversation_id.is_not(None),
        _of(SearchRecord.product, product),
    )
    found: dict[str, bool] = {}
    for conversation_id, solved in await session.execute(query):
        found[conversation_id] = found.get(conversation_id, False) or bool(solved)
    return found


async def _hand_offs(session: AsyncSession, period: Period, product: str | None) -> Rows:
    query = (
        select(
            HandOff.conversation_id,
            HandOff.created_at,
            HandOff.claimed_at,
            HandOff.state,
            HandOff.asked_out_of_hours,
        )
        .join(Issue, Issue.id == HandOff.issue_id)
        .where(_within(HandOff.created_at, period), _of(Issue.product, product))
    )
    return (await session.execute(query)).all()


async def _responses(session: AsyncSession, period: Period, product: str | None) -> Rows:
    query = (
        select(Issue.id, Issue.created_at, Issue.entitlement, func.min(Message.created_at).label("answered_at"))
        .join(Message, Message.conversation_id == Issue.conversation_id)
        .where(
            _within(Issue.created_at, period),
            _of(Issue.product, product),
            Message.author == "technician",
            Message.created_at >= Issue.created_at,
        )
        .group_by(Issue.id, Issue.created_at, Issue.entitlement)
    )
    return (await session.execute(query)).all()


async def _reopened(session: AsyncSession, period: Period, product: str | None) -> Rows:
    query = (
        select(AuditEntry.at, AuditEntry.issue_id)
        .join(Issue, Issue.id == AuditEntry.issue_id)
        .where(AuditEntry.action.in_(REOPENED), _within(AuditEntry.at, period), _of(Issue.product, product))
    )
    return (await session.execute(query)).all()


async def _returned(session: AsyncSession, period: Period, product: str | None) -> int:
    solved = (
        select(Conversation.customer_id, SearchRecord.created_at)
        .join(Conversation, Conversation.id == SearchRecord.conversation_id)
        .where(
            _within(SearchRecord.created_at, period),
            SearchRecord.solved.is_(True),
            _of(SearchRecord.product, product),
        )
    )
    deflected = (await session.execute(solved)).all()
    customers = {row.customer_id for row in deflected}
    if not customers:
        return 0
    logged = select(Issue.customer_id, Issue.created_at).where(
        Issue.created_at >= period.begins, Issue.created_at < period.ends + RETURNS_WITHIN
    )
    issues = [row for row in await session.execute(logged) if row.customer_id in customers]
    return len(
        {
            customer_id
            for customer_id, at in deflected
            for issue in issues
            if issue.customer_id == customer_id and at < issue.created_at <= at + RETURNS_WITHIN
        }
    )


async def _ratings(session: AsyncSession, period: Period, product: str | None) -> Rows:
    query = (
        select(Rating.issue_id, Rating.score, Rating.created_at)
        .join(Issue, Issue.id == Rating.issue_id)
        .where(_within(Rating.created_at, period), _of(Issue.product, product))
    )
    return (await session.execute(query)).all()


async def _unpaid(session: AsyncSession, product: str | None) -> Rows:
    query = select(Issue.created_at).where(
        Issue.entitlement == "payment_required",
        Issue.status != str(IssueStatus.RESOLVED),
        _of(Issue.product, product),
    )
    return (await session.execute(query)).all()
