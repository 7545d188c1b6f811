"""One question to the customer when an issue is resolved: how well was it handled? And a comment, if they like."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import lifecycle
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NotResolved
from bot.services.core.input_text import checked_text
from bot.store.lookup import its_issue
from bot.store.tables import Rating
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.issue.issue_status import IssueStatus
from bot.triage.privacy.redaction import redact_cards

LOWEST, HIGHEST = 1, 5
COMMENT_LIMIT = 2000


@unit_of_work()
async def rate_issue(
    session: AsyncSession, ctx: Context, conversation_id: str, score: object, comment: object = None
) -> dict[str, Any]:
    """Keep the customer's rating of the conversation's resolved issue; rating again replaces it.

    Raises Invalid, or Conflict (``not_resolved``).
    """
    if isinstance(score, bool) or not isinstance(score, int) or not LOWEST <= score <= HIGHEST:
        raise Invalid(f"score must be a whole number from {LOWEST} to {HIGHEST}; nothing was kept.")
    words = _comment(comment)
    now = ctx.clock()
    conversation = await lifecycle.load(session, conversation_id, lock=True)
    issue = await its_issue(session, conversation)
    if issue is None or issue.status != IssueStatus.RESOLVED:
        raise NotResolved("There is no resolved issue to rate in this conversation; nothing was kept.")
    kept = await session.scalar(select(Rating).where(Rating.issue_id == issue.id))
    if kept is None:
        kept = Rating(issue_id=issue.id, conversation_id=conversation_id, created_at=now)
        session.add(kept)
    kept.technician_id, kept.score, kept.comment, kept.updated_at = issue.technician_id, score, words, now
    conversation.updated_at = now
    audit.record(session, "customer", "issue.rate", now, issue=issue, details={"score": score})
    after_commit(session, ctx.wake, conversation_id)
    return {"score": score, "comment": words}


def _comment(comment: object) -> str | None:
    if comment is None or comment == "":
        return None
    words = redact_cards(checked_text(comment)).text
    if len(words) > COMMENT_LIMIT:
        raise Invalid(f"The comment may have {COMMENT_LIMIT:,} characters; nothing was kept. Shorten it.")
    return words
