"""Split a second problem out of a conversation: an issue of its own, with a Tech Reference of its own."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import CONTACT
from bot.services.conversation import transcript
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import Invalid
from bot.services.core.input_text import checked_text
from bot.services.core.input_values import is_one_of
from bot.services.hand_off import transitions
from bot.services.intake import draft
from bot.services.issue.open_issue import open_issue
from bot.services.technician import access
from bot.store.tables import Conversation, Issue, IssueLink, Message, Technician
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.privacy.redaction import redact_cards

PROBLEM_LIMIT, MOST_MESSAGES = 4000, 50
RELATED = "related"


@unit_of_work()
async def split_issue(
    session: AsyncSession, ctx: Context, technician: Technician, reference: str, fields: Mapping[str, Any]
) -> str:
    """Log ``problem`` as an issue of the same customer in the same conversation, and return its reference.

    It is held together with the first one, resolved by itself, and linked as related. ``seqs`` are the customer's
    messages that it was taken from: of a private one nothing is shown to others. ``category`` may be named. The
    customer reads the new reference. Raises Invalid, NotFound, or Conflict (``not_owner``).
    """
    problem, seqs, category = _checked(ctx, fields)
    issue, conversation = await access.readable_issue(session, ctx, technician, reference, lock=True)
    conversation = await transitions.owned_by(session, conversation.id, technician)
    asked = await _draft(session, ctx, conversation, issue, problem, private=await _is_private(session, issue, seqs))
    if category is not None:
        await draft.set_category(session, asked, category, ctx.clock())
    actor = audit.technician_actor(technician)
    second = await open_issue(session, ctx, conversation, asked, actor=actor)
    await transitions.request_hand_off(session, ctx, conversation, reason="split", actor=actor)
    conversation.issue_id = issue.id
    await _post_and_link(session, ctx, conversation, issue, second, technician)
    after_commit(session, transitions.wake_conversation, ctx, conversation)
    return second.reference


def _checked(ctx: Context, fields: Mapping[str, Any]) -> tuple[str, list[int], str | None]:
    problem, seqs = redact_cards(checked_text(fields.get("problem"))).text, fields.get("seqs") or []
    if len(problem) > PROBLEM_LIMIT:
        raise Invalid(f"problem may have {PROBLEM_LIMIT:,} characters; nothing was logged.")
    numbers = isinstance(seqs, list) and all(type(one) is int and 0 < one < 2**31 for one in seqs)
    if not numbers or len(seqs) > MOST_MESSAGES:
        raise Invalid(f"seqs must list the numbers of {MOST_MESSAGES} messages at most; nothing was logged.")
    category = fields.get("category") or None
    if category is not None and not is_one_of(
        category, {one.id for view in ctx.support.views for one in view.categories}
    ):
        raise Invalid("category must be the id of a category in support.yml; nothing was logged.")
    return problem, seqs, category


async def _is_private(session: AsyncSession, issue: Issue, seqs: Collection[int]) -> bool:
    private = select(func.count()).where(
        Message.conversation_id == issue.conversation_id, Message.seq.in_(seqs), Message.private
    )
    return bool(await session.scalar(private)) if seqs else False


async def _draft(
    session: AsyncSession, ctx: Context, conversation: Conversation, issue: Issue, problem: str, *, private: bool
) -> draft.Draft:
    now, first = ctx.clock(), await draft.draft_of_issue(session, ctx.office_for(issue), issue)
    asked = await draft.begin_draft(session, ctx, conversation)
    await draft.add_to_problem(session, asked, problem, now, None, private=private)
    if CONTACT not in asked.answers and (known := first.answers.get(CONTACT)) is not None:
        await draft.save_answer(session, asked, CONTACT, known.value, now, visibility=known.visibility)
    return asked


async def _post_and_link(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    issue: Issue,
    second: Issue,
    technician: Technician,
) -> None:
    now = ctx.clock()
    link = IssueLink(issue_id=second.id, other_id=issue.id, kind=RELATED, technician_id=technician.id, created_at=now)
    session.add(link)
    company = ctx.office_for(conversation).company
    text = ctx.support_for(conversation).wording.reference_given.format(reference=second.reference)
    await transcript.say(session, conversation, now, text, author_name=company, reference=second.reference)
    actor, details = audit.technician_actor(technician), {"to": second.id}
    audit.record(session, actor, "issue.split", now, issue=issue, details=details)
