"""An issue that exists already: find it by reference, prove whose it is, tell its status, add to it.

A reference is a name, not a password: whoever did not open the issue gets one answer whether it exists or not.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import lifecycle
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.intake import draft
from bot.services.issue import issue_links
from bot.services.queue import queue_order
from bot.store.lookup import its_issue
from bot.store.tables import Conversation, Customer, Issue, Message
from bot.store.unit_of_work import unit_of_work
from bot.triage.issue.issue_status import IssueStatus, in_plain_words


@dataclass(frozen=True)
class Standing:
    """The status of an issue for its opener. ``last_words`` is the technician's last message, if any.

    ``private``: not all of it was said where the question about it is asked, so the answer is for the customer alone.
    """

    reference: str
    title: str
    status: str
    category: str
    queue_place: int | None
    last_words: str | None
    details_complete: bool
    private: bool


@dataclass(frozen=True)
class ColleaguesIssue:
    """The status of an issue for a proven colleague of its opener: nothing that anybody wrote."""

    reference: str
    category: str
    status: str


async def own_issue(session: AsyncSession, conversation: Conversation, reference: str) -> Issue | None:
    """Return the issue of this reference if the conversation's customer opened it; otherwise None, whatever the
    reason.
    """
    issue = await session.scalar(select(Issue).where(Issue.reference == reference))
    return issue if issue is not None and issue.customer_id == conversation.customer_id else None


async def status_of(session: AsyncSession, ctx: Context, conversation: Conversation, issue: Issue) -> Standing:
    """Return how an issue stands, for the customer who opened it."""
    place = (
        await queue_order.queue_position(session, ctx.support.queue_policy, conversation)
        if conversation.issue_id == issue.id
        else None
    )
    last = await session.scalar(
        select(Message)
        .where(Message.conversation_id == issue.conversation_id, Message.author == "technician")
        .order_by(Message.seq.desc())
        .limit(1)
    )
    return Standing(
        reference=issue.reference,
        title=issue.title,
        # Of a duplicate nothing but the status is told of the issue that is worked on: it may be somebody else's.
        status=in_plain_words(IssueStatus((await issue_links.kept_for(session, issue)).status)),
        category=ctx.support.category(issue.category).title,
        queue_place=place,
        last_words=last.text if last is not None else None,
        details_complete=issue.details_complete,
        private=issue.conversation_id != conversation.id or (last is not None and last.private),
    )


async def newest_issue(session: AsyncSession, conversation: Conversation) -> Issue | None:
    """Return the issue of this conversation, else the customer's newest; None when they have none."""
    if conversation.issue_id is not None:
        return await session.get_one(Issue, conversation.issue_id)
    newest: Issue | None = await session.scalar(
        select(Issue).where(Issue.customer_id == conversation.customer_id).order_by(Issue.id.desc()).limit(1)
    )
    return newest


@unit_of_work()
async def attach_issue(session: AsyncSession, ctx: Context, conversation_id: str, reference: str) -> Standing | None:
    """Let the conversation be about this issue of the same customer; None when it is not theirs."""
    conversation = await lifecycle.load(session, conversation_id, lock=True)
    issue = await own_issue(session, conversation, reference)
    if issue is None:
        return None
    if conversation.owner == "assistant" and conversation.issue_id != issue.id:
        conversation.issue_id = issue.id
        conversation.updated_at = ctx.clock()
        audit.record(session, "customer", "issue.follow_up", ctx.clock(), conversation=conversation)
    return await status_of(session, ctx, conversation, issue)


async def of_a_colleague(ctx: Context, conversation_id: str, reference: str) -> ColleaguesIssue | None:
    """Return what a colleague with the same contract may hear; None unless both have proven that contract."""
    async with ctx.db.read() as session:
        conversation = await lifecycle.load(session, conversation_id)
        issue = await session.scalar(select(Issue).where(Issue.reference == reference))
        if issue is None:
            return None
        asks = await session.get_one(Customer, conversation.customer_id)
        opened = await session.get_one(Customer, issue.customer_id)
        proven = asks.contract_proof is not None and opened.contract_proof is not None
        if not proven or asks.contract_number is None or asks.contract_number != opened.contract_number:
            return None
        return ColleaguesIssue(
            reference=issue.reference,
            category=ctx.support.category(issue.category).title,
            status=in_plain_words(IssueStatus(issue.status)),
        )


async def open_issue_of(session: AsyncSession, conversation: Conversation) -> Issue | None:
    """Return the issue that the conversation is about, unless it is resolved."""
    issue = await its_issue(session, conversation)
    return issue if issue is not None and issue.status != IssueStatus.RESOLVED else None


async def add_to_issue(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    text: str,
    message_id: int,
    *,
    private: bool = False,
) -> Issue | None:
    """Add words to the description of the conversation's issue; None when it has none.

    ``private``: they are of a private message, also when this one is not.
    """
    if conversation.issue_id is None:
        return None
    issue = await session.get_one(Issue, conversation.issue_id)
    current = await draft.draft_of_issue(session, ctx.support, issue)
    await draft.add_to_problem(session, current, text, ctx.clock(), message_id, private=private)
    return issue
