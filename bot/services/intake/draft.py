"""The intake draft as rows: what the customer has answered so far. The rules are those of ``bot.dialogue.draft``.

Saving the same answer again changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue import draft as rules
from bot.dialogue.draft import ANSWERED, CONTACT, FILE_ONLY, OPEN, REQUEST, SHORT_OF_PATIENCE
from bot.services.core.channel_names import EMAIL
from bot.services.core.context import Context
from bot.settings.support.support import Support
from bot.store.locks import lock_conversation
from bot.store.tables import ChannelUser, Conversation, Customer, Intake, IntakeAnswer, Issue, Message
from bot.triage.reading.impact import assess

_NEWEST = (
    select(Intake)
    .where(Intake.conversation_id == bindparam("conversation_id"), Intake.state != REQUEST)
    .order_by(Intake.id.desc())
    .limit(1)
)
_ISSUE = select(Issue).where(Issue.intake_id == bindparam("intake_id"))
_ANSWERS = select(IntakeAnswer).where(IntakeAnswer.intake_id == bindparam("intake_id"))
_CUSTOMER: BindParameter[int] = bindparam("customer_id")
# The way to reach the customer: from their profile, else from their newest draft, else where their mail comes from.
KNOWN_CONTACT = func.coalesce(
    select(func.coalesce(func.nullif(Customer.email, ""), func.nullif(Customer.phone, "")))
    .where(Customer.id == _CUSTOMER)
    .scalar_subquery(),
    select(IntakeAnswer.value)
    .join(Intake, Intake.id == IntakeAnswer.intake_id)
    .join(Conversation, Conversation.id == Intake.conversation_id)
    .where(
        Conversation.customer_id == _CUSTOMER,
        IntakeAnswer.question_id == CONTACT,
        IntakeAnswer.status == ANSWERED,
    )
    .order_by(IntakeAnswer.id.desc())
    .limit(1)
    .scalar_subquery(),
    select(ChannelUser.user_id)
    .where(ChannelUser.customer_id == _CUSTOMER, ChannelUser.channel == EMAIL)
    .limit(1)
    .scalar_subquery(),
)


@dataclass
class Draft(rules.Draft):
    """A draft as loaded in one transaction, with its issue once that is logged."""

    intake: Intake
    issue: Issue | None = None


async def current_draft(session: AsyncSession, support: Support, conversation_id: str) -> Draft | None:
    """Return the newest draft of a conversation, which it locks; None when nothing was ever reported."""
    await lock_conversation(session, conversation_id)
    intake = await session.scalar(_NEWEST, {"conversation_id": conversation_id})
    if intake is None:
        return None
    issue = await session.scalar(_ISSUE, {"intake_id": intake.id})
    return await load_draft(session, support, intake, issue)


async def draft_of_issue(session: AsyncSession, support: Support, issue: Issue) -> Draft:
    """Return the draft that an issue was logged from."""
    await lock_conversation(session, issue.conversation_id)
    intake = await session.get_one(Intake, issue.intake_id)
    return await load_draft(session, support, intake, issue)


async def load_draft(session: AsyncSession, support: Support, intake: Intake, issue: Issue | None) -> Draft:
    """Return the draft of these rows with its answers; nothing is locked."""
    rows = await session.scalars(_ANSWERS, {"intake_id": intake.id})
    return _draft(session, support, intake, {row.question_id: row for row in rows}, issue)


def _draft(
    session: AsyncSession,
    support: Support,
    intake: Intake,
    answers: Mapping[str, IntakeAnswer],
    issue: Issue | None,
) -> Draft:
    def new_answer(question_id: str) -> IntakeAnswer:
        answer = IntakeAnswer(intake_id=intake.id, question_id=question_id, value="")
        session.add(answer)
        return answer

    return Draft(intake, dict(answers), support, new_answer, issue)


async def begin_draft(
    session: AsyncSession, ctx: Context, conversation: Conversation, *, request: str | None = None
) -> Draft:
    """Return a new, empty draft, or one that holds a request; what is already known of the customer is filled in."""
    now = ctx.clock()
    brief = conversation.mood in SHORT_OF_PATIENCE
    state = OPEN if request is None else REQUEST
    intake = Intake(
        conversation_id=conversation.id, state=state, category=request, brief=brief, created_at=now, updated_at=now
    )
    session.add(intake)
    await session.flush()
    draft = _draft(session, ctx.office_for(conversation), intake, {}, None)
    contact = await known_contact(session, conversation)
    if contact:
        await save_answer(session, draft, CONTACT, contact, now)
    return draft


async def known_contact(session: AsyncSession, conversation: Conversation) -> str | None:
    """Return the way to reach the customer that is known from their profile or from an earlier draft."""
    known: str | None = await session.scalar(select(KNOWN_CONTACT), {"customer_id": conversation.customer_id})
    return known


async def save_answer(
    session: AsyncSession,
    draft: Draft,
    question_id: str,
    value: str,
    now: datetime,
    *,
    status: str = ANSWERED,
    message_id: int | None = None,
    visibility: str | None = None,
    confided: bool = False,
) -> None:
    """Save one answer, at once; the same answer from the same message again changes nothing.

    It is as private as the message that it was given in; ``confided`` makes its message private.
    """
    message = await session.get(Message, message_id) if message_id is not None else None
    if message is not None and confided:
        message.private = True
    private = confided or (message is not None and message.private)
    if draft.put_answer(
        question_id, value, status=status, message_id=message_id, private=private, visibility=visibility
    ):
        _save(session, draft, now)


async def add_to_problem(
    session: AsyncSession,
    draft: Draft,
    text: str,
    now: datetime,
    message_id: int | None,
    *,
    private: bool = False,
) -> None:
    """Add a message to the description of the problem; one that is part of it already changes nothing.

    ``private``: the words are of a private message, also when this one is not.
    """
    message = await session.get(Message, message_id) if message_id is not None else None
    private = private or (message is not None and message.private)
    if draft.put_problem(text, message_id=message_id, private=private):
        _save(session, draft, now)


async def set_category(session: AsyncSession, draft: Draft, category_id: str, now: datetime) -> None:
    draft.put_category(category_id)
    _save(session, draft, now)


async def confide(session: AsyncSession, draft: Draft, now: datetime) -> None:
    """Let only technicians see what was answered so far, except for the contact; the issue's title follows."""
    before = dict(draft.answers)
    draft.confide()
    for name, answer in before.items():
        if name not in draft.answers:
            await session.delete(answer)
    _save(session, draft, now)


def _save(session: AsyncSession, draft: Draft, now: datetime) -> None:
    """Write what a rule has changed; the logged issue follows."""
    draft.intake.updated_at = now
    for answer in draft.answers.values():
        if isinstance(answer, IntakeAnswer) and session.is_modified(answer):
            answer.updated_at = now
    if draft.issue is not None:
        apply_draft_to_issue(draft, draft.issue, now)


def apply_draft_to_issue(draft: Draft, issue: Issue, now: datetime) -> None:
    """Let the logged issue say what its draft says: category, team, title, impact, completeness.

    What a technician has set stays as they set it.
    """
    edited = set(issue.edited or ())
    if draft.category is not None:
        issue.category = draft.category.id
        issue.team = issue.team if "team" in edited else draft.category.team
    if "title" not in edited:
        issue.title = draft.title
    if "impact" not in edited:
        impact = assess(draft.problem, {name: answer.value for name, answer in draft.answers.items()})
        issue.impact = str(impact) if impact else None
    issue.details_complete = draft.has_essentials and draft.is_complete
    issue.updated_at = now


async def text_of(session: AsyncSession, conversation_id: str, message_id: int) -> str:
    """Return what the customer wrote, whole, if the message is of this conversation; else nothing."""
    message = await session.get(Message, message_id)
    if message is None or message.conversation_id != conversation_id or message.author != "customer":
        return ""
    return message.text or FILE_ONLY
