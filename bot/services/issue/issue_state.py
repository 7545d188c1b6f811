"""The status of an issue as a turn may tell it: to its opener, to a proven colleague, to nobody else.

A reference is a name, not a password: whoever did not open the issue gets one answer whether it exists or not.
"""

from typing import Any

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.dialogue.context import ColleagueIssue, IssueState
from bot.dialogue.draft import title_of
from bot.services.core.context import Context
from bot.services.issue.issue_links import DUPLICATE
from bot.services.queue import queue_order
from bot.store.tables import Conversation, Customer, Issue, IssueLink, Message
from bot.triage.issue.issue_status import IssueStatus, in_plain_words

_Kept, _Last = aliased(Issue), aliased(Message)
# The technician's last message in the issue's conversation.
_LAST = (
    select(Message.id)
    .where(Message.conversation_id == Issue.conversation_id, Message.author == "technician")
    .order_by(Message.seq.desc())
    .limit(1)
    .correlate(Issue)
    .scalar_subquery()
)
# Of a duplicate nothing but the status is told of the issue that is worked on: it may be somebody else's.
_STATE: Select[Any] = (
    select(Issue, _Kept.status, _Last.text, _Last.private)
    .outerjoin(IssueLink, (IssueLink.issue_id == Issue.id) & (IssueLink.kind == DUPLICATE))
    .outerjoin(_Kept, _Kept.id == IssueLink.other_id)
    .outerjoin(_Last, _Last.id == _LAST)
)
_BY_ID = _STATE.where(Issue.id == bindparam("issue_id"))
_BY_REFERENCE = _STATE.where(Issue.reference == bindparam("reference"), Issue.customer_id == bindparam("customer_id"))


async def issue_state(
    session: AsyncSession, conversation: Conversation, issue_id: int, queue_place: int | None
) -> IssueState:
    """Return how an issue of the conversation's customer stands; ``queue_place`` is the conversation's."""
    row = (await session.execute(_BY_ID, {"issue_id": issue_id})).one()
    return _state(conversation, row, queue_place)


async def own_issue_state(
    session: AsyncSession, ctx: Context, conversation: Conversation, reference: str
) -> IssueState | None:
    """Return how the issue of this reference stands if the conversation's customer opened it; else None."""
    values = {"reference": reference, "customer_id": conversation.customer_id}
    row = (await session.execute(_BY_REFERENCE, values)).one_or_none()
    if row is None:
        return None
    mine = conversation.issue_id == row[0].id
    place = await queue_order.queue_position(session, ctx.support.queue_policy, conversation) if mine else None
    return _state(conversation, row, place)


def _state(conversation: Conversation, row: Row[Any], queue_place: int | None) -> IssueState:
    issue, kept_status, last_words, last_private = row
    return IssueState(
        reference=issue.reference,
        title=issue.title,
        status=in_plain_words(IssueStatus(kept_status or issue.status)),
        queue_place=queue_place if conversation.issue_id == issue.id else None,
        last_words=title_of(last_words) if last_words is not None else None,
        private=issue.conversation_id != conversation.id or bool(last_private),
        resolved=issue.status == IssueStatus.RESOLVED,
        category=issue.category,
        state=kept_status or issue.status,
    )


async def colleagues_issue(
    session: AsyncSession, ctx: Context, conversation: Conversation, reference: str
) -> ColleagueIssue | None:
    """Return what a colleague with the same contract may hear; None unless both have proven that contract."""
    issue = await session.scalar(select(Issue).where(Issue.reference == reference))
    if issue is None:
        return None
    asks = await session.get_one(Customer, conversation.customer_id)
    opened = await session.get_one(Customer, issue.customer_id)
    proven = asks.contract_proof is not None and opened.contract_proof is not None
    if not proven or asks.contract_number is None or asks.contract_number != opened.contract_number:
        return None
    return ColleagueIssue(
        reference=issue.reference,
        category=ctx.office_for(issue).category(issue.category).title,
        status=in_plain_words(IssueStatus(issue.status)),
        state=issue.status,
    )
