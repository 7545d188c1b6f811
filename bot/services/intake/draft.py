"""The intake draft: what the customer has answered so far. The truth; Rasa's tracker is only a helper.

Actions and the fallback without Rasa share these functions, so that either can go on where the other stopped.
Everything is keyed by message, and saving the same answer again changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.intake.user_message import IntakeResult
from bot.settings.support.support import Support
from bot.store.locks import lock_conversation
from bot.store.lookup import by_key
from bot.store.tables import Conversation, Customer, Intake, IntakeAnswer, Issue, Message
from bot.triage.issue.routing import Category, Question, categorise, next_question, open_questions
from bot.triage.reading.impact import assess
from bot.triage.text.print_lines import plain

PROBLEM, CONTACT, CATEGORY, SUMMARY, CALL_BACK = "problem", "contact", "category", "summary", "call_back"
# The part of the problem that was written in private: never a title, never shown in a shared thread.
PRIVATE_PROBLEM = "private_problem"
# Kept when it was said, also where the category does not ask for it.
SINCE = "since"
Answer = IntakeAnswer
ESSENTIALS = (PROBLEM, CONTACT)
PROBLEM_LIMIT = 20_000
FILE_ONLY = "(see the attached file)"
OTHER = "other"
ANSWERED, UNKNOWN, SKIPPED = "answered", "unknown", "skipped"
EVERYONE, TECHNICIAN_ONLY = "everyone", "technician"
SHORT_OF_PATIENCE = ("frustrated", "abusive", "abusive_repeated")
_NEWEST = (
    select(Intake).where(Intake.conversation_id == bindparam("conversation_id")).order_by(Intake.id.desc()).limit(1)
)
_ISSUE = select(Issue).where(Issue.intake_id == bindparam("intake_id"))
_ANSWERS = select(IntakeAnswer).where(IntakeAnswer.intake_id == bindparam("intake_id"))


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
        """Return all that was said of the problem, for support's eyes."""
        parts = (self.answers[name].value for name in (PROBLEM, PRIVATE_PROBLEM) if name in self.answers)
        return "\n".join(parts)

    @property
    def has_problem(self) -> bool:
        return PROBLEM in self.answers or PRIVATE_PROBLEM in self.answers

    @property
    def title(self) -> str:
        """Return the problem in one line that everybody may read; the category's title when all of it is private."""
        if PROBLEM in self.answers:
            return title_of(self.answers[PROBLEM].value)
        return (self.category or self.support.category(OTHER)).title

    @property
    def contact(self) -> str:
        return self.answers[CONTACT].value if CONTACT in self.answers else ""

    @property
    def has_essentials(self) -> bool:
        return self.has_problem and CONTACT in self.answers

    def question(self, question_id: str) -> Question | None:
        """Return the routing question of this id in the draft's category; None for essentials and the summary."""
        questions = self.category.questions if self.category else ()
        return next((question for question in questions if question.id == question_id), None)

    def next_step(self) -> str:
        """Return the id of the question to put next; the essentials first, the summary last."""
        if not self.has_problem:
            return PROBLEM
        if CONTACT not in self.answers:
            return CONTACT
        if self.category is None:
            return CATEGORY
        question = next_question(self.category, self.answers.keys(), brief=self.intake.brief)
        return question.id if question else SUMMARY

    def questions_left(self) -> int:
        """Return how many routing questions are still to be put."""
        if self.category is None:
            return 0
        return len(open_questions(self.category, self.answers.keys(), brief=self.intake.brief))

    @property
    def is_complete(self) -> bool:
        """Return whether every routing question has an answer, also those left out for an impatient customer."""
        return self.category is not None and next_question(self.category, self.answers.keys()) is None

    def took(self, message_id: int | None) -> IntakeResult | None:
        """Return what became of this message, if it was the last that was taken in: a turn may be tried again."""
        taken = self.intake.taken
        known = taken is not None and message_id is not None and taken["message"] == message_id
        return IntakeResult.of_json(taken) if known and taken is not None else None

    def remember(self, message_id: int | None, took: IntakeResult) -> None:
        """Keep what became of a message, for when its turn is tried again."""
        if message_id is not None:
            self.intake.taken = {"message": message_id, **took.as_json()}

    def put_aside(self, message_id: int | None) -> bool:
        """Keep the draft and ask no more; False when it was not being asked, save for a repeat of this message."""
        if self.intake.state == "kept" and self.intake.opened_by == message_id and message_id is not None:
            return True
        if self.intake.state != "open":
            return False
        self.intake.state, self.intake.asking, self.intake.opened_by = "kept", None, message_id
        return True

    def shorten(self) -> None:
        """Ask only what is asked even in a hurry."""
        self.intake.brief = True
        asked = self.question(self.intake.asking or "")
        if asked is not None and not asked.even_in_a_hurry:
            self.intake.asking = None

    def lines(self) -> list[tuple[str, IntakeAnswer]]:
        """(question id, answer) in the order of asking: what the summary and the desk show."""
        asked = [question.id for question in self.category.questions] if self.category else []
        names = dict.fromkeys([PROBLEM, PRIVATE_PROBLEM, *asked, SINCE, CONTACT, CALL_BACK])
        order = {name: place for place, name in enumerate(names)}
        known = [(name, answer) for name, answer in self.answers.items() if name in order]
        return sorted(known, key=lambda line: order[line[0]])


async def current_draft(session: AsyncSession, support: Support, conversation_id: str) -> Draft | None:
    """Return the newest draft of a conversation, which it locks; None when nothing was ever reported."""
    await lock_conversation(session, conversation_id)
    intake = await session.scalar(_NEWEST, {"conversation_id": conversation_id})
    if intake is None:
        return None
    issue = await session.scalar(_ISSUE, {"intake_id": intake.id})
    return await _loaded(session, support, intake, issue)


async def draft_of_issue(session: AsyncSession, support: Support, issue: Issue) -> Draft:
    """Return the draft that an issue was logged from."""
    await lock_conversation(session, issue.conversation_id)
    intake = await session.get_one(Intake, issue.intake_id)
    return await _loaded(session, support, intake, issue)


async def _loaded(session: AsyncSession, support: Support, intake: Intake, issue: Issue | None) -> Draft:
    rows = await session.scalars(_ANSWERS, {"intake_id": intake.id})
    return Draft(intake, {row.question_id: row for row in rows}, issue, support)


async def begin_draft(session: AsyncSession, ctx: Context, conversation: Conversation, opened_by: int | None) -> Draft:
    """Return a new, empty draft; what is already known of the customer is filled in."""
    now = ctx.clock()
    intake = Intake(
        conversation_id=conversation.id,
        opened_by=opened_by,
        brief=conversation.mood in SHORT_OF_PATIENCE,
        created_at=now,
        updated_at=now,
    )
    session.add(intake)
    await session.flush()
    draft = Draft(intake, {}, None, ctx.support)
    contact = await _known_contact(session, conversation)
    if contact:
        await save_answer(session, draft, CONTACT, contact, now)
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
) -> None:
    """Save one answer, at once; the same answer from the same message again changes nothing.

    It is as private as the message that it was given in; an answer asked for in confidence makes its message private.
    """
    asked, message = question_id, await by_key(session, Message, message_id) if message_id is not None else None
    confided = draft.intake.asking_private and draft.intake.asking == question_id
    if message is not None and confided:
        message.private = True
    private = confided or (message is not None and message.private)
    if private and question_id == PROBLEM:
        question_id = PRIVATE_PROBLEM
    if private and question_id != CONTACT:
        visibility = TECHNICIAN_ONLY
    answer = draft.answers.get(question_id)
    if answer is None:
        answer = IntakeAnswer(intake_id=draft.intake.id, question_id=question_id, value="", updated_at=now)
        draft.answers[question_id] = answer
        session.add(answer)
    elif (answer.value, answer.status) == (value, status) and visibility in (None, answer.visibility):
        return
    answer.value, answer.status, answer.message_id, answer.updated_at = value, status, message_id, now
    answer.visibility = visibility or answer.visibility or EVERYONE
    _changed(draft, asked, now)
    await session.flush()


def _changed(draft: Draft, question_id: str, now: datetime) -> None:
    draft.intake.version += 1
    draft.intake.updated_at = now
    if draft.intake.asking == question_id:
        draft.intake.asking, draft.intake.asking_private, draft.intake.misses = None, False, 0
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


def title_of(problem: str) -> str:
    """Return the problem in one line of at most 120 characters, without marks and with every link's address."""
    line = " ".join(plain(problem).split())
    return line if len(line) <= 120 else line[:119].rstrip() + "…"


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
    private = private or await _is_private(session, message_id)
    part = PRIVATE_PROBLEM if private else PROBLEM
    answer = draft.answers.get(part)
    if not text.strip() or (answer and answer.message_id == message_id and message_id is not None):
        return
    whole = f"{answer.value}\n{text}" if answer else text
    visibility = TECHNICIAN_ONLY if private else None
    await save_answer(session, draft, part, whole[:PROBLEM_LIMIT], now, message_id=message_id, visibility=visibility)
    if draft.intake.category is None:
        guess = categorise(draft.problem, draft.support.categories)
        draft.intake.category = guess.id if guess else None
        _changed(draft, CATEGORY, now)


async def _is_private(session: AsyncSession, message_id: int | None) -> bool:
    message = await by_key(session, Message, message_id) if message_id is not None else None
    return message is not None and message.private


async def set_category(session: AsyncSession, draft: Draft, category_id: str, now: datetime) -> None:
    draft.intake.category = category_id
    _changed(draft, CATEGORY, now)
    await session.flush()


async def text_of(session: AsyncSession, conversation_id: str, message_id: int) -> str:
    """Return what the customer wrote, whole, if the message is of this conversation; else nothing."""
    message = await by_key(session, Message, message_id)
    if message is None or message.conversation_id != conversation_id or message.author != "customer":
        return ""
    return message.text or FILE_ONLY
