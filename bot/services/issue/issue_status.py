"""The status of an issue: the one place that changes it, and what the customer's own word does to it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import WrongStatus
from bot.services.intake import draft
from bot.store.lookup import its_issue
from bot.store.tables import Conversation, Issue
from bot.triage.hand_off.ownership import Owner
from bot.triage.issue.issue_status import IssueStatus, StatusNotAllowed, next_status

RESOLVED, IN_PROGRESS = str(IssueStatus.RESOLVED), str(IssueStatus.IN_PROGRESS)


def change_status(
    session: AsyncSession,
    issue: Issue,
    wanted: IssueStatus,
    *,
    actor: str,
    now: datetime,
    until: datetime | None = None,
) -> bool:
    """Give the issue its next status and leave an audit row; False when it has that status already.

    ``until`` belongs to WAITING_UNTIL. A reminder of the status before is over. Raises Conflict (``wrong_status``).
    """
    before = IssueStatus(issue.status)
    if before == wanted and issue.waiting_until == until:
        return False
    if before != wanted:
        try:
            next_status(before, wanted)
        except StatusNotAllowed as error:
            words = before.value.replace("_", " ")
            raise WrongStatus(f"An issue that is {words} cannot become that; nothing was changed.") from error
    issue.status, issue.waiting_until, issue.reminded_at, issue.updated_at = str(wanted), until, None, now
    issue.resolved_at = now if wanted == IssueStatus.RESOLVED else None
    details = {"from": str(before), "to": str(wanted), **({"until": until.isoformat()} if until else {})}
    audit.record(session, actor, _action(before, wanted), now, issue=issue, details=details)
    return True


async def note_reply(session: AsyncSession, conversation: Conversation, now: datetime) -> None:
    """Set the issue in progress when the customer writes to its technician."""
    issue = await its_issue(session, conversation)
    if issue is not None and issue.status != RESOLVED:
        change_status(session, issue, IssueStatus.IN_PROGRESS, actor="customer", now=now)


def _action(before: IssueStatus, wanted: IssueStatus) -> str:
    if wanted == IssueStatus.RESOLVED:
        return "issue.resolve"
    return "issue.reopen" if before == IssueStatus.RESOLVED else "issue.status"


async def resolve_for_customer(session: AsyncSession, ctx: Context, conversation: Conversation) -> str | None:
    """Resolve the conversation's open issue; its reference, or None when there is none open.

    A conversation that still waits has an open issue, or one that this very turn resolved when it was first tried.
    """
    issue = await its_issue(session, conversation)
    if issue is None or (issue.status == RESOLVED and conversation.owner != Owner.QUEUE):
        return None
    if issue.status == RESOLVED:
        return issue.reference
    now = ctx.clock()
    change_status(session, issue, IssueStatus.RESOLVED, actor="customer", now=now)
    current = await draft.draft_of_issue(session, ctx.office_for(issue), issue)
    current.intake.state, current.intake.asking = "done", None
    return issue.reference


async def is_resolved(session: AsyncSession, conversation: Conversation) -> bool:
    """Return whether the conversation's issue is resolved; False without an issue."""
    issue = await its_issue(session, conversation)
    return issue is not None and issue.status == RESOLVED


async def reopen_issue(session: AsyncSession, ctx: Context, conversation: Conversation) -> str | None:
    """Open the conversation's issue again because it is not solved; its reference, or None without one."""
    issue = await its_issue(session, conversation)
    if issue is None:
        return None
    change_status(session, issue, IssueStatus.IN_PROGRESS, actor="customer", now=ctx.clock())
    return issue.reference
