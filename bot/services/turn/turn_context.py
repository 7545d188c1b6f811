"""Build the turn context of an inbound event: one read, in the transaction that takes the lease."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.context import (
    MAX_TEXT,
    AnswerState,
    AskedQuestion,
    DraftState,
    EarlierMessage,
    InboundMessage,
    IntakeState,
    IssueState,
    KnownProblemState,
    OpenIssueState,
    PressedChoice,
    TurnContext,
    UnpromptedEvent,
)
from bot.dialogue.draft import DONE, REQUEST, WHO_PAYS
from bot.services.billing.entitlement import PAID
from bot.services.conversation.mood import ABUSE
from bot.services.core.channel_names import EMAIL
from bot.services.core.context import Context
from bot.services.hand_off import open_hand_offs
from bot.services.hand_off.open_hand_offs import OPEN_STATES, OpenIssue
from bot.services.intake import draft as drafts
from bot.services.intake.known_problem_offer import concerns, in_force
from bot.services.issue import issue_state
from bot.services.manual.answer import CHAT, unsolved_questions
from bot.services.queue import queue_order
from bot.services.turn.author import colleague_of
from bot.services.turn.batch import LAST_SAID, messages_taken_with, was_unseen
from bot.services.turn.inbound_message import read_earlier, read_messages, unread, without_contact
from bot.services.turn.mails_sent import is_persons_turn
from bot.services.turn.product_of_turn import product_of_turn
from bot.services.turn.shown_answer import NEWEST_SEARCH, SHOWN, shown_answer
from bot.settings.support.support import Support
from bot.store.lookup import by_key
from bot.store.tables import (
    AuditEntry,
    Conversation,
    Customer,
    InboundEvent,
    Intake,
    IntakeAnswer,
    Issue,
    KnownProblem,
    Message,
    Payment,
    SearchRecord,
    Turn,
)
from bot.triage.hand_off.ownership import Owner
from bot.triage.issue.issue_status import IssueStatus

# The statements of every turn are built once, at import (docs/performance.md).
_HERE: BindParameter[str] = bindparam("conversation_id")
_NOW: BindParameter[datetime] = bindparam("now", type_=KnownProblem.ends_at.type)
_DRAFT = (
    select(Intake, Issue.reference)
    .outerjoin(Issue, Issue.intake_id == Intake.id)
    .where(Intake.conversation_id == _HERE, Intake.state != REQUEST)
    .order_by(Intake.id.desc())
    .limit(1)
)
_ANSWERS = select(IntakeAnswer).where(IntakeAnswer.intake_id == bindparam("intake_id"))
# As many as are read for facts that were said before a draft begins.
MOST_EARLIER_MESSAGES = 10
_EARLIER = (
    select(Message)
    .where(
        Message.conversation_id == _HERE,
        Message.author == "customer",
        Message.seq < bindparam("before"),
        Message.id > bindparam("taken"),
    )
    .order_by(Message.seq.desc())
    .limit(MOST_EARLIER_MESSAGES)
)
_UNSOLVED = (SearchRecord.conversation_id == _HERE, SearchRecord.issue_id.is_(None))
_COUNTS = select(
    # How often the customer was abusive in this conversation.
    select(func.count(AuditEntry.id))
    .where(AuditEntry.conversation_id == _HERE, AuditEntry.action == ABUSE)
    .scalar_subquery(),
    # The newest search, when no issue covers it: the one that "that helped" is about.
    select(SearchRecord.id).where(*_UNSOLVED, SearchRecord.id == NEWEST_SEARCH).scalar_subquery(),
    # Questions that were looked up and not answered well.
    select(func.count(SearchRecord.id))
    .where(*_UNSOLVED, SearchRecord.source == CHAT, SearchRecord.solved.is_not(True))
    .scalar_subquery(),
    select(func.count(Issue.id))
    .where(Issue.conversation_id == _HERE, Issue.status != IssueStatus.RESOLVED)
    .scalar_subquery(),
    select(func.max(Issue.id)).where(Issue.customer_id == bindparam("customer_id")).scalar_subquery(),
    select(func.count(KnownProblem.id)).where(in_force(_NOW)).scalar_subquery(),
    # The seq of what the assistant said last, which the customer may not have seen when writing this.
    LAST_SAID,
    select(Turn.rule).where(Turn.conversation_id == _HERE).order_by(Turn.id.desc()).limit(1).scalar_subquery(),
    drafts.KNOWN_CONTACT,
    # Whether the customer is to be asked who pays.
    select(func.count(Customer.id))
    .where(
        Customer.id == bindparam("customer_id"),
        Customer.contract_number.is_(None),
        Customer.contract_claimed.is_(False),
        ~exists().where(Payment.customer_id == Customer.id, Payment.state == PAID),
        ~exists().where(
            IntakeAnswer.question_id == WHO_PAYS, IntakeAnswer.intake_id == Intake.id, Intake.conversation_id == _HERE
        ),
    )
    .scalar_subquery(),
    *SHOWN,
)


@dataclass(frozen=True)
class _Counts:
    """The numbers that say which of the rarer things are there to be read."""

    abuse: int
    last_search: int | None
    unsolved: int
    open_issues: int
    newest_issue: int | None
    known_problems: int
    last_said: int
    last_rule: str | None
    known_contact: str | None
    asks_who_pays: int
    question: str | None
    cards: list[dict[str, str]] | None
    private: bool | None
    since: int


async def build_context(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    event: InboundEvent,
    messages: Sequence[Message],
    *,
    bare: bool = False,
) -> TurnContext:
    """Return the context of the event, which leads the batch of these messages; none for an event without words.

    ``bare``: nothing is read from the words, because reading them has failed too often.
    """
    now = ctx.clock()
    counts = await _counts(session, conversation, now)
    draft = await _draft(session, conversation)
    place = await queue_order.queue_position(session, ctx.support.queue_policy, conversation)
    issue = await _issue(session, ctx, conversation, conversation.issue_id, place)
    newest = issue or await _issue(session, ctx, conversation, counts.newest_issue, None)
    first = messages[0] if messages else None
    of_turn = await product_of_turn(session, ctx, conversation, () if bare else messages, await _choice(session, first))
    choice, read = of_turn.choice, messages if bare else of_turn.messages
    view = ctx.support.for_product(of_turn.product)
    return TurnContext(
        conversation_id=conversation.id,
        epoch=conversation.epoch,
        owner=conversation.owner,
        now=now,
        message=await _message(session, ctx, conversation, read, choice, view, bare=bare),
        about=None if bare else await _about(session, ctx, conversation, choice, view, first),
        choice=choice,
        event=_unprompted(event.payload) if event.payload and not bare else None,
        unseen_question=first is not None and was_unseen(first, counts.last_said),
        mood=conversation.mood,
        outcome=conversation.outcome,
        pending=conversation.pending_question,
        reference_misses=conversation.reference_misses,
        time_zone=conversation.time_zone,
        language=conversation.language,
        product=of_turn.product,
        product_before=conversation.product,
        product_alone=of_turn.alone,
        products_here=of_turn.here,
        draft=draft,
        issue=issue,
        newest_issue=newest,
        open_issues=await _open_issues(session, conversation, place) if counts.open_issues > 1 else (),
        queue_place=place,
        known_contact=counts.known_contact,
        asks_who_pays=bool(counts.asks_who_pays),
        asks_together=conversation.channel == EMAIL,
        persons_turn=conversation.channel == EMAIL and await is_persons_turn(session, conversation),
        colleague=await colleague_of(session, conversation, first),
        unsolved=await _unsolved(session, conversation) if counts.unsolved else (),
        last_search_open=counts.last_search is not None,
        shown=shown_answer(counts.question, counts.cards, counts.since, private=bool(counts.private)),
        last_rule=counts.last_rule,
        known_problems=await _known_problems(session, now, of_turn.product) if counts.known_problems else (),
        earlier=() if bare else await _earlier(session, view, conversation, draft, first),
        abuse=counts.abuse,
        fingerprint=fingerprint(ctx, conversation, draft.intake if draft else None, messages),
    )


def fingerprint(
    ctx: Context, conversation: Conversation, intake: IntakeState | Intake | None, messages: Sequence[Message]
) -> str:
    """Return a name of the state that a decision is made on: it changes when the decision might."""
    drafted = f"{intake.id}.{intake.version}" if intake is not None else "-"
    read = ",".join(f"{one.id}.{one.revision}" for one in messages) or "-"
    changed = f"{conversation.epoch}.{conversation.revisions}"  # a masked message's words may be in what was decided
    about = f"{conversation.issue_id or '-'}.{conversation.product or '-'}"
    return f"{changed}/{about}/{drafted}/{read}/{ctx.support.digest}"


async def _counts(session: AsyncSession, conversation: Conversation, now: datetime) -> _Counts:
    values = {"conversation_id": conversation.id, "customer_id": conversation.customer_id, "now": now}
    return _Counts(*(await session.execute(_COUNTS, values)).one())


def _unprompted(payload: dict[str, Any]) -> UnpromptedEvent:
    return UnpromptedEvent(**{**payload, "references": tuple(payload.get("references", ()))})


async def _earlier(
    session: AsyncSession, view: Support, conversation: Conversation, draft: DraftState | None, first: Message | None
) -> tuple[EarlierMessage, ...]:
    """Return the messages before this one since the last draft, the newest first; none while that is being asked."""
    if first is None or first.seq <= 1 or (draft is not None and draft.intake.state != DONE):
        return ()
    taken = max((one.message_id or 0 for one in draft.answers.values()), default=0) if draft is not None else 0
    values = {"conversation_id": conversation.id, "before": first.seq, "taken": taken}
    earlier = await session.scalars(_EARLIER, values)
    own = [one for one in earlier if one.chosen is None and one.channel_user_id == first.channel_user_id]
    return tuple(read_earlier(view, one) for one in own)


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


async def _open_issues(
    session: AsyncSession, conversation: Conversation, place: int | None
) -> tuple[OpenIssueState, ...]:
    found = await open_hand_offs.open_issues(session, conversation)
    if len(found) < 2:
        return ()
    states = [await _open_issue(session, conversation, one, place) for one in found]
    return tuple(states)


async def _open_issue(
    session: AsyncSession, conversation: Conversation, found: OpenIssue, place: int | None
) -> OpenIssueState:
    waiting = found.state in OPEN_STATES
    state = await issue_state.issue_state(session, conversation, found.issue.id, None)
    state = replace(state, queue_place=place if waiting else None)
    return OpenIssueState(state, found.words[:MAX_TEXT], waiting, found.returned_at)


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
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    choice: PressedChoice | None,
    view: Support,
    pressed: Message | None,
) -> InboundMessage | None:
    """Return the message that a choice is about; without the contact of somebody else than who pressed."""
    about: Any = choice.fields.get("about") if choice is not None else None
    message = await by_key(session, Message, int(about)) if about is not None else None
    if message is None or message.conversation_id != conversation.id or message.author != "customer":
        return None
    taken = await messages_taken_with(session, message)
    read = await read_messages(session, ctx, conversation, taken, view, is_choice=False)
    if read is None or pressed is None or message.channel_user_id == pressed.channel_user_id:
        return read
    return without_contact(read)


async def _message(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    messages: Sequence[Message],
    choice: PressedChoice | None,
    view: Support,
    *,
    bare: bool,
) -> InboundMessage | None:
    if bare:
        return unread(messages[0]) if messages else None
    return await read_messages(session, ctx, conversation, messages, view, is_choice=choice is not None)


async def _unsolved(session: AsyncSession, conversation: Conversation) -> tuple[AskedQuestion, ...]:
    asked = await unsolved_questions(session, conversation.id)
    return tuple(AskedQuestion(one.question, one.private) for one in asked)


async def _known_problems(session: AsyncSession, now: datetime, product: str | None) -> tuple[KnownProblemState, ...]:
    wanted = select(KnownProblem).where(in_force(now), concerns(product))
    problems = await session.scalars(wanted.order_by(KnownProblem.id))
    return tuple(KnownProblemState(one.id, one.title, one.text, one.category, tuple(one.versions)) for one in problems)


def is_with_technician(conversation: Conversation) -> bool:
    """Return whether only a technician answers in the conversation now."""
    return conversation.owner in (Owner.TECHNICIAN, Owner.CLOSED)
