"""Build the turn context of an inbound event: one read, in the transaction that takes the lease."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.context import (
    MAX_TEXT,
    AnswerState,
    AskedQuestion,
    DraftState,
    InboundMessage,
    IntakeState,
    IssueState,
    KnownProblemState,
    NamedReference,
    PressedChoice,
    TurnContext,
    UnpromptedEvent,
)
from bot.dialogue.draft import FILE_ONLY
from bot.services.conversation.mood import ABUSE
from bot.services.core.context import Context
from bot.services.intake import draft as drafts
from bot.services.intake.known_problem_offer import in_force
from bot.services.issue import issue_state
from bot.services.manual.answer import unsolved_questions
from bot.services.queue import queue_order
from bot.store.lookup import by_key
from bot.store.tables import (
    AuditEntry,
    Conversation,
    InboundEvent,
    Intake,
    IntakeAnswer,
    Issue,
    KnownProblem,
    Message,
    SearchRecord,
)
from bot.triage.hand_off.ownership import Owner
from bot.triage.reading.call_back import find_call_back
from bot.triage.reading.contract_claim import claims_contract
from bot.triage.reading.details import Details
from bot.triage.reading.signs import in_words
from bot.triage.reading.tech_reference import find_references

# More references in one message are a list of somebody's, not a question about one of them.
MOST_REFERENCES = 3
# The statements of every turn are built once, at import (docs/performance.md).
_HERE: BindParameter[str] = bindparam("conversation_id")
_NOW: BindParameter[datetime] = bindparam("now", type_=KnownProblem.ends_at.type)
_DRAFT = (
    select(Intake, Issue.reference)
    .outerjoin(Issue, Issue.intake_id == Intake.id)
    .where(Intake.conversation_id == _HERE)
    .order_by(Intake.id.desc())
    .limit(1)
)
_ANSWERS = select(IntakeAnswer).where(IntakeAnswer.intake_id == bindparam("intake_id"))
_UNSOLVED = (SearchRecord.conversation_id == _HERE, SearchRecord.issue_id.is_(None))
_COUNTS = select(
    # How often the customer was abusive in this conversation.
    select(func.count(AuditEntry.id))
    .where(AuditEntry.conversation_id == _HERE, AuditEntry.action == ABUSE)
    .scalar_subquery(),
    # The newest search, when no issue covers it: the one that "that helped" is about.
    select(SearchRecord.id)
    .where(
        *_UNSOLVED,
        SearchRecord.id
        == select(func.max(SearchRecord.id)).where(SearchRecord.conversation_id == _HERE).scalar_subquery(),
    )
    .scalar_subquery(),
    # Searches that did not help.
    select(func.count(SearchRecord.id)).where(*_UNSOLVED, SearchRecord.solved.is_not(True)).scalar_subquery(),
    select(func.max(Issue.id)).where(Issue.customer_id == bindparam("customer_id")).scalar_subquery(),
    select(func.count(KnownProblem.id)).where(in_force(_NOW)).scalar_subquery(),
    # Whether the assistant has said something that the customer had not seen when writing this.
    select(func.count(Message.id))
    .where(Message.conversation_id == _HERE, Message.seq > bindparam("seen"), Message.author == "assistant")
    .scalar_subquery(),
    drafts.KNOWN_CONTACT,
)


@dataclass(frozen=True)
class _Counts:
    """The numbers that say which of the rarer things are there to be read."""

    abuse: int
    last_search: int | None
    unsolved: int
    newest_issue: int | None
    known_problems: int
    unseen: int
    known_contact: str | None


async def build_context(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    event: InboundEvent,
    message: Message | None,
    *,
    bare: bool = False,
) -> TurnContext:
    """Return the context of the event, which the message caused unless it is None.

    ``bare``: nothing is read from the words, because reading them has failed too often.
    """
    now = ctx.clock()
    counts = await _counts(session, conversation, message, now)
    draft = await _draft(session, conversation)
    place = await queue_order.queue_position(session, ctx.support.queue_policy, conversation)
    issue = await _issue(session, ctx, conversation, conversation.issue_id, place)
    newest = issue or await _issue(session, ctx, conversation, counts.newest_issue, None)
    choice = await _choice(session, message)
    return TurnContext(
        conversation_id=conversation.id,
        epoch=conversation.epoch,
        owner=conversation.owner,
        now=now,
        message=_unread(message) if bare else await _message(session, ctx, conversation, message, choice),
        about=None if bare else await _about(session, ctx, conversation, choice),
        choice=choice,
        event=UnpromptedEvent(**event.payload) if event.payload and not bare else None,
        unseen_question=counts.unseen > 0,
        mood=conversation.mood,
        outcome=conversation.outcome,
        pending=conversation.pending_question,
        reference_misses=conversation.reference_misses,
        time_zone=conversation.time_zone,
        draft=draft,
        issue=issue,
        newest_issue=newest,
        queue_place=place,
        known_contact=counts.known_contact,
        unsolved=await _unsolved(session, conversation) if counts.unsolved else (),
        last_search_open=counts.last_search is not None,
        known_problems=await _known_problems(session, now) if counts.known_problems else (),
        abuse=counts.abuse,
        fingerprint=fingerprint(ctx, conversation, draft.intake if draft else None, message),
    )


def fingerprint(
    ctx: Context, conversation: Conversation, intake: IntakeState | Intake | None, message: Message | None
) -> str:
    """Return a name of the state that a decision is made on: it changes when the decision might."""
    drafted = f"{intake.id}.{intake.version}" if intake is not None else "-"
    read = f"{message.id}.{message.revision}" if message is not None else "-"
    changed = f"{conversation.epoch}.{conversation.revisions}"  # a masked message's words may be in what was decided
    return f"{changed}/{conversation.issue_id or '-'}/{drafted}/{read}/{ctx.support.digest}"


async def _counts(session: AsyncSession, conversation: Conversation, message: Message | None, now: datetime) -> _Counts:
    seen = conversation.last_seq
    if message is not None:
        seen = min(message.seq - 1, message.seen_seq if message.seen_seq is not None else message.seq)
    values = {
        "conversation_id": conversation.id,
        "customer_id": conversation.customer_id,
        "now": now,
        "seen": seen,
    }
    return _Counts(*(await session.execute(_COUNTS, values)).one())


async def _draft(session: AsyncSession, conversation: Conversation) -> DraftState | None:
    row = (await session.execute(_DRAFT, {"conversation_id": conversation.id})).first()
    if row is None:
        return None
    intake, reference = row
    answers = await session.scalars(_ANSWERS, {"intake_id": intake.id})
    return DraftState(
        IntakeState(
            id=intake.id,
            state=intake.state,
            version=intake.version,
            category=intake.category,
            wants_person=intake.wants_person,
            asking=intake.asking,
            asking_private=intake.asking_private,
            misses=intake.misses,
            brief=intake.brief,
            known_problem_id=intake.known_problem_id,
            known_problem_offered=intake.known_problem_offered,
        ),
        {
            one.question_id: AnswerState(one.value[:MAX_TEXT], one.status, one.visibility, one.message_id)
            for one in answers
        },
        reference,
    )


async def _issue(
    session: AsyncSession, ctx: Context, conversation: Conversation, issue_id: int | None, place: int | None
) -> IssueState | None:
    if issue_id is None:
        return None
    return await issue_state.issue_state(session, conversation, issue_id, place)


async def _choice(session: AsyncSession, message: Message | None) -> PressedChoice | None:
    """Return the choice behind a message, unless newer choices have taken its place: then its title counts as typed.

    One that names its target ("question" or "intake") is always passed on: the rules know what is outdated.
    """
    if message is None or message.chosen is None:
        return None
    choice = PressedChoice.of_payload(message.chosen["payload"])
    if choice.names_its_question:
        return choice
    newer = select(Message.choices).where(
        Message.conversation_id == message.conversation_id,
        Message.author != "customer",
        Message.seq > message.chosen["seq"],
        Message.seq < message.seq,
    )
    outdated = any(choices for choices in await session.scalars(newer))
    return None if outdated else choice


async def _about(
    session: AsyncSession, ctx: Context, conversation: Conversation, choice: PressedChoice | None
) -> InboundMessage | None:
    about: Any = choice.fields.get("about") if choice is not None else None
    message = await by_key(session, Message, int(about)) if about is not None else None
    if message is None or message.conversation_id != conversation.id or message.author != "customer":
        return None
    return await _message(session, ctx, conversation, message, None)


async def _message(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    message: Message | None,
    choice: PressedChoice | None,
) -> InboundMessage | None:
    if message is None:
        return None
    whole = message.text if choice is not None else in_words(message.text)
    details = ctx.support.details_of(whole)
    return InboundMessage(
        id=message.id,
        revision=message.revision,
        text=whole[:MAX_TEXT] or FILE_ONLY,
        private=message.private,
        words=len(whole.split()),
        details=details,
        references=await _references(session, ctx, conversation, whole),
        call_back=find_call_back(whole),
        claims_contract=choice is None and claims_contract(whole),
    )


def _unread(message: Message | None) -> InboundMessage | None:
    if message is None:
        return None
    return InboundMessage(message.id, message.revision, FILE_ONLY, message.private, 0, Details())


async def _references(
    session: AsyncSession, ctx: Context, conversation: Conversation, text: str
) -> tuple[NamedReference, ...]:
    found = list({one.reference: one for one in find_references(text)}.values())
    named = []
    for place, one in enumerate(found):
        own = colleagues = None
        if one.valid and place < MOST_REFERENCES:
            own = await issue_state.own_issue_state(session, ctx, conversation, one.reference)
            if own is None:
                colleagues = await issue_state.colleagues_issue(session, ctx, conversation, one.reference)
        named.append(NamedReference(one.reference, one.valid, own, colleagues))
    return tuple(named)


async def _unsolved(session: AsyncSession, conversation: Conversation) -> tuple[AskedQuestion, ...]:
    asked = await unsolved_questions(session, conversation.id)
    return tuple(AskedQuestion(one.question, one.private) for one in asked)


async def _known_problems(session: AsyncSession, now: datetime) -> tuple[KnownProblemState, ...]:
    problems = await session.scalars(select(KnownProblem).where(in_force(now)).order_by(KnownProblem.id))
    return tuple(KnownProblemState(one.id, one.title, one.text, one.category, tuple(one.versions)) for one in problems)


def is_with_technician(conversation: Conversation) -> bool:
    """Return whether only a technician answers in the conversation now."""
    return conversation.owner in (Owner.TECHNICIAN, Owner.CLOSED)
