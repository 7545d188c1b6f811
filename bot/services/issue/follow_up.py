"""An issue that exists already: find it by reference for its opener, and add to it."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.intake import draft
from bot.store.lookup import its_issue
from bot.store.tables import Conversation, Issue
from bot.triage.hand_off.ownership import Owner
from bot.triage.issue.issue_status import IssueStatus


async def own_issue(session: AsyncSession, conversation: Conversation, reference: str) -> Issue | None:
    """Return the issue of this reference if the conversation's customer opened it; otherwise None, whatever the
    reason.
    """
    issue = await session.scalar(select(Issue).where(Issue.reference == reference))
    return issue if issue is not None and issue.customer_id == conversation.customer_id else None


async def attach_issue(session: AsyncSession, ctx: Context, conversation: Conversation, reference: str) -> None:
    """Let the conversation be about this issue of the same customer; nothing happens when it is not theirs.

    While the conversation waits, it may turn to another of its own issues only.
    """
    issue = await own_issue(session, conversation, reference)
    if issue is None or conversation.issue_id == issue.id:
        return
    its_own = conversation.owner == Owner.QUEUE and issue.conversation_id == conversation.id
    if conversation.owner == Owner.ASSISTANT or its_own:
        conversation.issue_id = issue.id
        conversation.updated_at = ctx.clock()
        audit.record(session, "customer", "issue.follow_up", ctx.clock(), conversation=conversation)


async def open_issue_of(session: AsyncSession, conversation: Conversation) -> Issue | None:
    """Return the issue that the conversation is about, unless it is resolved."""
    issue = await its_issue(session, conversation)
    return issue if issue is not None and issue.status != IssueStatus.RESOLVED else None


async def add_to_issue(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    text: str,
    message_id: int | None,
    *,
    private: bool = False,
) -> Issue | None:
    """Add words to the description of the conversation's issue; None when it has none.

    ``private``: they are of a private message, also when this one is not.
    """
    if conversation.issue_id is None:
        return None
    issue = await session.get_one(Issue, conversation.issue_id)
    current = await draft.draft_of_issue(session, ctx.office_for(issue), issue)
    await draft.add_to_problem(session, current, text, ctx.clock(), message_id, private=private)
    return issue
