"""Log a request that is no technical problem: an issue of its own, beside the conversation's draft and issue."""

from collections.abc import Mapping

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import CONTACT, REQUEST, Draft
from bot.services.conversation import customer_mail
from bot.services.core.context import Context
from bot.services.intake import draft as drafts
from bot.services.issue.follow_up import open_issue_of
from bot.services.issue.open_issue import new_issue
from bot.settings.support.requests import names_reference
from bot.store.tables import Conversation, Intake, Issue
from bot.triage.issue.requests import Request
from bot.triage.reading.contact_details import find_email, find_phone


async def log_request(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    request: Request,
    words: Mapping[int, str],
    contact: str | None,
    *,
    draft_is_open: bool,
    actor: str,
) -> Issue:
    """Return the issue of a request, which nothing is asked about and which joins no queue; ``words`` by message.

    The conversation is about it from now on, unless it is about an open draft or an unsolved issue, or the customer is
    not told the number.
    """
    now = ctx.clock()
    draft = await drafts.begin_draft(session, ctx, conversation, request=request.id)
    for message_id, text in words.items():
        await drafts.add_to_problem(session, draft, text, now, message_id)
    if contact is not None:
        await drafts.save_answer(session, draft, CONTACT, contact, now, message_id=min(words))
    issue = await new_issue(session, ctx, conversation, draft, actor=actor)
    conversation.updated_at = now
    if names_reference(request.reply):
        if not draft_is_open and await open_issue_of(session, conversation) is None:
            conversation.issue_id = issue.id
        await customer_mail.confirm_reference(session, ctx, conversation, issue, draft.contact)
    return issue


async def set_contact(
    session: AsyncSession, ctx: Context, conversation: Conversation, contact: str, message_id: int
) -> None:
    """Save how to reach the customer about the conversation's newest request; nothing happens without one."""
    issue = await session.scalar(_requests_of(conversation).limit(1))
    if issue is None:
        return
    await _save_contact(session, ctx, conversation, issue, contact, message_id)


async def share_contact(session: AsyncSession, ctx: Context, conversation: Conversation, draft: Draft) -> None:
    """Save the address of a draft to the conversation's requests that have none: it was asked for once for both."""
    answer = draft.answers.get(CONTACT)
    if answer is None or not (find_email(answer.value) or find_phone(answer.value)):
        return
    for issue in await session.scalars(_requests_of(conversation)):
        if not (await drafts.draft_of_issue(session, ctx.office_for(issue), issue)).contact:
            await _save_contact(session, ctx, conversation, issue, answer.value, answer.message_id)


def _requests_of(conversation: Conversation) -> Select[tuple[Issue]]:
    """Select the requests of a conversation, the newest first."""
    return (
        select(Issue)
        .join(Intake, Intake.id == Issue.intake_id)
        .where(Intake.conversation_id == conversation.id, Intake.state == REQUEST)
        .order_by(Issue.id.desc())
    )


async def _save_contact(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    issue: Issue,
    contact: str,
    message_id: int | None,
) -> None:
    draft = await drafts.draft_of_issue(session, ctx.office_for(issue), issue)
    draft.issue = issue
    await drafts.save_answer(session, draft, CONTACT, contact, ctx.clock(), message_id=message_id)
    request = draft.support.category(issue.category)
    if isinstance(request, Request) and names_reference(request.reply):
        await customer_mail.confirm_reference(session, ctx, conversation, issue, contact)
