"""What the customer's own word does to an issue: "it works now", "it still does not"."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services import audit, draft
from bot.services.context import Context
from bot.store.tables import Conversation, Issue
from bot.triage.issue_status import IssueStatus
from bot.triage.ownership import Owner

RESOLVED, IN_PROGRESS = str(IssueStatus.RESOLVED), str(IssueStatus.IN_PROGRESS)


async def resolve_for_customer(session: AsyncSession, ctx: Context, conversation: Conversation) -> str | None:
    """Resolve the conversation's open issue; its reference, or None when there is none open.

    A conversation that still waits has an open issue, or one that this very turn resolved when it was first tried.
    """
    issue = await session.get(Issue, conversation.issue_id) if conversation.issue_id else None
    if issue is None or (issue.status == RESOLVED and conversation.owner != Owner.QUEUE):
        return None
    if issue.status == RESOLVED:
        return issue.reference
    now = ctx.clock()
    issue.status, issue.resolved_at, issue.updated_at = RESOLVED, now, now
    current = await draft.of_issue(session, ctx.support, issue)
    current.intake.state, current.intake.asking = "done", None
    audit.record(session, "customer", "issue.resolve", now, conversation=conversation)
    return issue.reference


async def is_resolved(session: AsyncSession, conversation: Conversation) -> bool:
    """Whether the conversation's issue is resolved; False without an issue."""
    issue = await session.get(Issue, conversation.issue_id) if conversation.issue_id else None
    return issue is not None and issue.status == RESOLVED


async def reopen(session: AsyncSession, ctx: Context, conversation: Conversation) -> str | None:
    """Open the conversation's issue again because it is not solved; its reference, or None without one."""
    issue = await session.get(Issue, conversation.issue_id) if conversation.issue_id else None
    if issue is None:
        return None
    now = ctx.clock()
    issue.status, issue.resolved_at, issue.updated_at = IN_PROGRESS, None, now
    audit.record(session, "customer", "issue.reopen", now, conversation=conversation)
    return issue.reference
