"""The intake draft: what the customer has answered so far. The truth; Rasa's tracker is only a helper.

Actions and the fallback without Rasa share these functions, so that either can go on where the other stopped.
Everything is keyed by message, and saving the same answer again changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.context import Context
from bot.settings import Support
from bot.store.tables import Conversation, Customer, Intake, IntakeAnswer, Issue, Message
from bot.triage.details import Details, find_details
from bot.triage.impact import assess
from bot.triage.routing import Category, Question, categorise, next_question

PROBLEM, CONTACT, CATEGORY, SUMMARY = "problem", "contact", "category", "summary"
Answer = IntakeAnswer
ESSENTIALS = (PROBLEM, CONTACT)
PROBLEM_LIMIT = 20_000
FILE_ONLY = "(see the attached file)"
ANSWERED, UNKNOWN, SKIPPED = "answered", "unknown", "skipped"
EVERYONE, TECHNICIAN_ONLY = "everyone", "technician"


@dataclass
class Draft:
    """A draft as loaded in one transaction; functions here change it and the rows together."""

    intake: Intake
    answers: dict[str, IntakeAnswer]
    issue: Issue | None
    support: Support

    @property
    def category(self) -> Category | None:
        return self.support.category(self.intake.category) if self.intake.category else None

    @property
    def problem(self) -> str:
        return self.answers[PROBLEM].value if PROBLEM in self.answers else ""

    @property
    def contact(self) -> str:
        return self.answers[CONTACT].value if CONTACT in self.answers else ""

    @property
    def has_essentials(self) -> bool:
        return all(name in self.answers for name in ESSENTIALS)

    def question(self, question_id: str) -> Question | None:
        """The routing question of this id in the draft's category; None for essentials and the summary."""
        questions = self.category.questions if self.category else ()
        return next((question for question in questions if question.id == question_id), None)

    def next_step(self) -> str:
        """The id of the question to put next; the essentials first, the summary last."""
        for name in ESSENTIALS:
            if name not in self.answers:
                return name
        if self.category is None:
            return CATEGORY
        question = next_question(self.category, self.answers.keys())
        return question.id if question else SUMMARY

    def lines(self) -> list[tuple[str, IntakeAnswer]]:
        """(question id, answer) in the order of asking: what the summary and the desk show."""
        asked = [question.id for question in self.category.questions] if self.category else []
        order = {name: place for place, name in enumerate([PROBLEM, *asked, CONTACT])}
        known = [(name, answer) for name, answer in self.answers.items() if name in order]
        return sorted(known, key=lambda line: order[line[0]])


async def current(session: AsyncSession, support: Support, conversation_id: str) -> Draft | None:
    """The conversation's newest draft, whatever its state; None when nothing was ever reported."""
    intake = await session.scalar(
        select(Intake)
        .where(Intake.conversation_id == conversation_id)
        .order_by(Intake.id.desc())
        .limit(1)
        .with_for_update()
    )
    if intake is None:
        return None
    issue = await session.scalar(select(Issue).where(Issue.intake_id == intake.id))
    return await _loaded(session, support, intake, issue)


async def of_issue(session: AsyncSession, support: Support, issue: Issue) -> Draft:
    """The draft that an issue was logged from."""
    intake = await session.get_one(Intake, issue.intake_id, with_for_update=True)
    return await _loaded(session, support, intake, issue)


async def _loaded(session: AsyncSession, support: Support, intake: Intake, issue: Issue | None) -> Draft:
    rows = await session.scalars(select(IntakeAnswer).where(IntakeAnswer.intake_id == intake.id))
    return Draft(intake, {row.question_id: row for row in rows}, issue, support)


async def begin(session: AsyncSession, ctx: Context, conversation: Conversation, opened_by: int | None) -> Draft:
    """A new, empty draft; what is already known of the customer is filled in."""
    now = ctx.clock()
    intake = Intake(conversation_id=conversation.id, opened_by=opened_by, created_at=now, updated_at=now)
    session.add(intake)
    await session.flush()
    draft = Draft(intake, {}, None, ctx.support)
    contact = await _known_contact(session, conversation)
    if contact:
        await save(session, draft, CONTACT, contact, now)
    return draft


async def _known_contact(session: AsyncSession, conversation: Conversation) -> str | None:
    customer = await session.get_one(Customer, conversation.customer_id)
    if customer.email or customer.phone:
        return customer.email or customer.phone
    known: str | None = await session.scalar(
        select(IntakeAnswer.value)
        .join(Intake, Intake.id == IntakeAnswer.intake_id)
        .join(Conversation, Conversation.id == Intake.conversation_id)
        .where(
            Conversation.customer_id == customer.id,
            IntakeAnswer.question_id == CONTACT,
            IntakeAnswer.status == ANSWERED,
        )
        .order_by(IntakeAnswer.id.desc())
        .limit(1)
    )
    return known


async def save(
    session: AsyncSession,
    draft: Draft,
    question_id: str,
    value: str,
    now: datetime,
    *,
    status: str = ANSWERED,
    message_id: int | None = None,
    visibility: str | None = None,
) -> None:
    """Save one answer, at once; the same answer from the same message again changes nothing."""
    answer = draft.answers.get(question_id)
    if answer is None:
        answer = IntakeAnswer(intake_id=draft.intake.id, question_id=question_id, value="", updated_at=now)
        draft.answers[question_id] = answer
        session.add(answer)
    elif (answer.value, answer.status) == (value, status) and visibility in (None, answer.visibility):
        return
    answer.value, answer.status, answer.message_id, answer.updated_at = value, status, message_id, now
    private = draft.intake.asking_private and draft.intake.asking == question_id
    answer.visibility = visibility or (TECHNICIAN_ONLY if private else answer.visibility or EVERYONE)
    _changed(draft, question_id, now)
    await session.flush()


def _changed(draft: Draft, question_id: str, now: datetime) -> None:
    draft.intake.version += 1
    draft.intake.updated_at = now
    if draft.intake.asking == question_id:
        draft.intake.asking, draft.intake.asking_private, draft.intake.misses = None, False, 0
    if draft.issue is not None:
        follow(draft, draft.issue, now)


def follow(draft: Draft, issue: Issue, now: datetime) -> None:
    """Let the logged issue say what its draft says: category, team, title, impact, completeness."""
    if draft.category is not None:
        issue.category, issue.team = draft.category.id, draft.category.team
    issue.title = title_of(draft.problem)
    impact = assess(draft.problem, {name: answer.value for name, answer in draft.answers.items()})
    issue.impact = str(impact) if impact else None
    issue.details_complete = draft.next_step() == SUMMARY
    issue.updated_at = now


def title_of(problem: str) -> str:
    """The problem in one line of at most 120 characters."""
    line = " ".join(problem.split())
    return line if len(line) <= 120 else line[:119].rstrip() + "…"


async def add_to_problem(session: AsyncSession, draft: Draft, text: str, now: datetime, message_id: int | None) -> None:
    """Add a message to the description of the problem; one that is part of it already changes nothing."""
    answer = draft.answers.get(PROBLEM)
    if not text.strip() or (answer and answer.message_id == message_id and message_id is not None):
        return
    whole = f"{answer.value}\n{text}" if answer else text
    await save(session, draft, PROBLEM, whole[:PROBLEM_LIMIT], now, message_id=message_id)
    if draft.intake.category is None:
        guess = categorise(draft.problem, draft.support.categories)
        draft.intake.category = guess.id if guess else None
        _changed(draft, CATEGORY, now)


async def set_category(session: AsyncSession, draft: Draft, category_id: str, now: datetime) -> None:
    draft.intake.category = category_id
    _changed(draft, CATEGORY, now)
    await session.flush()


async def fill_from(session: AsyncSession, draft: Draft, text: str, now: datetime, message_id: int | None) -> list[str]:
    """Save what a message says in passing (an address, a version, an error code); the ids that were filled.

    Never overwrites an answer: a correction is made on purpose, not in passing.
    """
    details = find_details(text)
    filled = []
    for question_id, value in _mentioned(draft, details).items():
        if question_id not in draft.answers:
            await save(session, draft, question_id, value, now, message_id=message_id)
            filled.append(question_id)
    return filled


def _mentioned(draft: Draft, details: Details) -> dict[str, str]:
    found = {CONTACT: details.email or details.phone}
    for question in draft.category.questions if draft.category else ():
        if question.detail:
            found[question.id] = getattr(details, question.detail)
    return {name: value for name, value in found.items() if value}


async def text_of(session: AsyncSession, conversation_id: str, message_id: int) -> str:
    """What the customer wrote, whole, if the message is of this conversation; else nothing."""
    message = await session.get(Message, message_id)
    if message is None or message.conversation_id != conversation_id or message.author != "customer":
        return ""
    return message.text or FILE_ONLY
