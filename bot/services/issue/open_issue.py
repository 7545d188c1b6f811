"""Log an issue and give it its Tech Reference, in one transaction, once for each draft."""

import secrets

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import OTHER
from bot.services.billing.entitlement import entitlement_of
from bot.services.conversation import customer_mail
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.intake.draft import Draft, apply_draft_to_issue
from bot.services.intake.known_problem_offer import enqueue_missed_news
from bot.store.tables import Conversation, Issue, SearchRecord
from bot.triage.reading.tech_reference import new_reference


async def open_issue(
    session: AsyncSession, ctx: Context, conversation: Conversation, draft: Draft, *, actor: str
) -> Issue:
    """Return the issue of this draft: the one it has, or a new one that the customer's searches now belong to."""
    if draft.issue is not None:
        conversation.issue_id = draft.issue.id
        return draft.issue
    issue = await new_issue(session, ctx, conversation, draft, actor=actor)
    now = issue.created_at
    conversation.issue_id, conversation.updated_at = issue.id, now
    if issue.known_problem_id is not None:
        # Its customer has said "that's mine" in the draft, and is told what was posted since.
        await enqueue_missed_news(session, issue, issue.known_problem_id, draft.intake.created_at, now)
    await _keep_searches(session, conversation, issue)
    await customer_mail.confirm_reference(session, ctx, conversation, issue, draft.contact)
    return issue


async def new_issue(
    session: AsyncSession, ctx: Context, conversation: Conversation, draft: Draft, *, actor: str
) -> Issue:
    """Return the new issue of a draft that has none, under a Tech Reference of its own."""
    now = ctx.clock()
    category = draft.category or draft.support.category(OTHER)
    issue = Issue(
        reference=await _unused_reference(session),
        intake_id=draft.intake.id,
        conversation_id=conversation.id,
        customer_id=conversation.customer_id,
        product=conversation.product,
        category=category.id,
        team=category.team,
        title=draft.title,
        known_problem_id=draft.intake.known_problem_id,
        entitlement=str(await entitlement_of(session, ctx, conversation, category)),
        created_at=now,
        updated_at=now,
    )
    apply_draft_to_issue(draft, issue, now)
    session.add(issue)
    await session.flush()
    draft.issue = issue
    audit.record(session, actor, "issue.open", now, conversation=conversation, issue=issue)
    return issue


async def _unused_reference(session: AsyncSession) -> str:
    """Drawn again on a clash; the unique column still decides when two draw at the same moment."""
    while True:
        reference = new_reference(secrets.randbelow)
        if await session.scalar(select(Issue.id).where(Issue.reference == reference)) is None:
            return reference


async def _keep_searches(session: AsyncSession, conversation: Conversation, issue: Issue) -> None:
    unsolved = update(SearchRecord).where(
        SearchRecord.conversation_id == conversation.id,
        SearchRecord.issue_id.is_(None),
        SearchRecord.solved.is_not(True),
    )
    await session.execute(unsolved.values(issue_id=issue.id))
