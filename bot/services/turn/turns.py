"""Take a conversation's inbound events in order, a burst together: begin a turn in one transaction, complete it in
another.

Between the two the turn is read and decided without changing anything, so that a turn that fails at any point is
simply begun again. When something moved meanwhile it is decided again on the same reading.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.context import TurnContext
from bot.dialogue.decide import decide
from bot.dialogue.evidence import Evidence, LookUpWanted, Nearness
from bot.dialogue.plan import Plan
from bot.dialogue.reading import Reading
from bot.services.core import log_format
from bot.services.core.context import Context
from bot.services.hand_off import ownership, pending_events
from bot.services.hand_off.pending_events import DONE
from bot.services.turn import facts_only, turn_context, turn_state
from bot.services.turn.batch import Batch, Waiting, after, finish_batch, first_batch, waiting_events
from bot.services.turn.compose import compose
from bot.services.turn.conversation_lease import LEASE, Lease, held, take_lease
from bot.services.turn.lock_for_plan import are_locked, conversations_of
from bot.services.turn.perform import Performance, perform
from bot.services.turn.turn_state import TurnState
from bot.store.tables import Conversation, InboundEvent, Message, Turn
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.hand_off.ownership import Event, Owner

# An event that broke so many turns is read by rules, and later no longer decided but set aside to a person.
TRIES_WITH_ENGINE, TRIES = 3, 5
# What a plain yes or no answers after a technician has solved the issue, or says so.
FIXED_BY_TECHNICIAN = "fixed_by_technician"
# The results of a turn. FACTS_ONLY: a technician has the conversation, so nothing was said; AGAIN: decided once more.
DONE_RESULT, FACTS_ONLY, AGAIN = "done", "facts only", "again"


log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Prepared:
    """A batch of events ready to be worked on, mostly of one; the first leads it.

    ``text`` is what the engine reads, ``payload`` what a pressed choice states. ``taken`` are (id, revision) of the
    batch's messages; those that are read may be earlier ones that they lead back to.
    """

    event_ids: tuple[int, ...]
    context: TurnContext
    text: str | None
    payload: str | None
    attempts: int
    arrived_at: datetime
    taken: tuple[tuple[int, int], ...]

    @property
    def event_id(self) -> int:
        """Return the event that leads the batch."""
        return self.event_ids[0]

    @property
    def message_id(self) -> str:
        """Return the name of the event for the engine and its log."""
        message = self.context.message
        return str(message.id) if message is not None else f"event-{self.event_id}"


@dataclass(frozen=True)
class Outcome:
    """The reading, the evidence and the plan of a turn. ``by`` says who read: "engine", "rules", "set aside" (nobody).

    ``support`` is the digest of the settings it was decided with.
    """

    plan: Plan
    reading: Reading
    evidence: Evidence
    support: str
    by: str = "engine"
    milliseconds: int = 0
    reason: str | None = None


@unit_of_work()
async def begin(session: AsyncSession, ctx: Context, conversation_id: str) -> tuple[Lease, Prepared] | None:
    """Lease the conversation and prepare its next event, in one transaction.

    None when another worker has the conversation, or when nothing waits in it.
    """
    now = ctx.clock()
    taken = await take_lease(session, conversation_id, now)
    if taken is None:
        return None
    prepared = await _prepare_next(session, ctx, taken, now)
    return (Lease(conversation_id, taken.fence), prepared) if prepared else None


def backoff(attempts: int) -> timedelta:
    """Return how long a failed event waits: twice as long each time, at most 30 seconds."""
    return min(LEASE, timedelta(seconds=2**attempts))


async def _prepare_next(
    session: AsyncSession, ctx: Context, conversation: Conversation, now: datetime, waiting: Waiting | None = None
) -> Prepared | None:
    """Prepare the next batch of what waits, which is read unless the caller has."""
    if conversation.owner == Owner.TECHNICIAN:
        await pending_events.settle_pending_events(session, ctx, conversation)
        waiting = ()
    elif waiting is None:
        waiting = await waiting_events(session, conversation.id)
    batch = first_batch(waiting, now)
    if not batch:
        conversation.lease_until = None
        return None
    conversation.lease_until = now + LEASE
    if conversation.owner == Owner.CLOSED:
        await _reopen(session, ctx, conversation)
    # What the turn before has changed is read back by the context of this one.
    await session.flush()
    context = await _context(session, ctx, conversation, batch)
    if context is None and len(batch) > 1:
        for event, _ in batch[1:]:
            event.attempts += 1  # so that from now on each is taken alone
        batch = batch[:1]
        context = await _context(session, ctx, conversation, batch)
    for event, _ in batch:
        event.attempts += 1
    if context is None:
        first = batch[0][0]
        conversation.lease_until, first.not_before = None, now + backoff(first.attempts)
        return None
    return _prepared(batch, context)


async def _context(session: AsyncSession, ctx: Context, conversation: Conversation, batch: Batch) -> TurnContext | None:
    """Return the context; None when something in these events breaks what reads it.

    That must not undo the turn before it. The attempt counts, so that in the end a person gets the event unread.
    """
    event = batch[0][0]
    bare = event.attempts >= TRIES
    try:
        with session.no_autoflush:
            return await turn_context.build_context(session, ctx, conversation, event, _messages(batch), bare=bare)
    except SQLAlchemyError:
        raise
    except Exception as error:
        log.error("no context: %s", type(error).__name__, exc_info=error, extra=log_format.log_fields(event=event.id))
        return None


def _messages(batch: Batch) -> list[Message]:
    return [message for _, message in batch if message is not None]


def _prepared(batch: Batch, context: TurnContext) -> Prepared:
    event, message = batch[0]
    pressed = message is not None and context.choice is not None and message.chosen is not None
    return Prepared(
        event_ids=tuple(one.id for one, _ in batch),
        context=context,
        text=context.message.text if context.message is not None and not pressed else None,
        payload=message.chosen["payload"] if message is not None and message.chosen and pressed else None,
        attempts=event.attempts,
        arrived_at=event.created_at,
        taken=_revisions(_messages(batch)),
    )


async def _reopen(session: AsyncSession, ctx: Context, conversation: Conversation) -> None:
    await ownership.change_owner(
        session,
        conversation,
        Event.CUSTOMER_WRITES,
        actor="customer",
        reason="wrote again",
        now=ctx.clock(),
    )
    conversation.pending_question = FIXED_BY_TECHNICIAN


@unit_of_work()
async def try_later(session: AsyncSession, ctx: Context, lease: Lease, prepared: Prepared) -> None:
    """Give the conversation back with its event still waiting, not to be begun again for a while."""
    conversation = await held(session, lease)
    conversation.lease_until = None
    event = await session.get_one(InboundEvent, prepared.event_id)
    event.not_before = ctx.clock() + backoff(prepared.attempts)


@unit_of_work()
async def complete(
    session: AsyncSession, ctx: Context, lease: Lease, prepared: Prepared, outcome: Outcome
) -> Prepared | None:
    """Perform the plan, say the reply and finish the event, all or nothing; return the next event.

    When something moved meanwhile the turn is decided again on the same reading; when the message itself was changed
    it is read again, and so it is together with messages of its batch that came meanwhile. Under a technician only
    facts are recorded and nothing is said but a new reference.
    """
    now = ctx.clock()
    conversation = await held(session, lease, await conversations_of(session, lease.conversation_id, outcome.plan))
    state = await turn_state.load_state(session, prepared.event_ids)
    event, waiting = state.event, None
    if event.status == DONE or turn_context.is_with_technician(conversation):
        await finish_batch(session, prepared.event_ids, now)
        result = FACTS_ONLY
        await facts_only.record(Performance(session, ctx, conversation, state, now), outcome.plan)
    else:
        waiting = await waiting_events(session, conversation.id)
        decided = await _as_decided_now(session, ctx, conversation, state, prepared, outcome, waiting)
        if decided is None:
            return await _prepare_next(session, ctx, conversation, now, waiting)
        result = DONE_RESULT if decided is outcome else AGAIN
        outcome = decided
        # Before anything is changed, which this would write down at once and once more at the end.
        await finish_batch(session, prepared.event_ids, now)
        performance = Performance(session, ctx, conversation, state, now)
        await perform(performance, outcome.plan.commands)
        read = prepared.context.message
        private = state.private or (read is not None and read.private)
        await compose(performance, outcome.plan.reply, private=private)
    session.add(_turn(conversation, event, outcome, now, result))
    following = await _prepare_next(session, ctx, conversation, ctx.clock(), after(waiting, prepared.event_ids))
    after_commit(session, ctx.wake, conversation.id)
    return following


async def _as_decided_now(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    state: TurnState,
    prepared: Prepared,
    outcome: Outcome,
    waiting: Waiting,
) -> Outcome | None:
    """Return the outcome, decided again if anything it rests on has changed; None to read the message again."""
    if outcome.by == "set aside":
        return outcome
    began_first = prepared.event_ids if prepared.attempts == 1 else ()
    grown = len(first_batch(waiting, ctx.clock(), began_first)) > len(prepared.event_ids)
    if grown or _revisions(state.messages) != prepared.taken:
        for event in state.events:
            event.attempts -= 1  # nothing failed: what waits is taken together once more
        return None
    now = turn_context.fingerprint(ctx, conversation, state.intake, state.messages)
    if now == prepared.context.fingerprint and outcome.support == ctx.support.digest:
        return outcome
    context = await turn_context.build_context(session, ctx, conversation, state.event, state.messages)
    try:
        plan = decide(context, outcome.reading, outcome.evidence, ctx.support)
    except LookUpWanted:
        return None
    if not await are_locked(session, conversation.id, plan):
        return None
    return replace(outcome, plan=plan)


def _revisions(messages: Iterable[Message]) -> tuple[tuple[int, int], ...]:
    return tuple((message.id, message.revision) for message in messages)


def _turn(conversation: Conversation, event: InboundEvent, outcome: Outcome, now: datetime, result: str) -> Turn:
    return Turn(
        conversation_id=conversation.id,
        inbound_event_id=event.id,
        result=result if outcome.by == "engine" else f"{outcome.by}: {result}",
        intent=outcome.reading.intent,
        confidence=outcome.reading.confidence,
        rule=outcome.plan.rule,
        evidence=_evidence(outcome.evidence),
        commands=[command.kind for command in outcome.plan.commands] + [part.kind for part in outcome.plan.reply],
        reason=outcome.reason,
        milliseconds=outcome.milliseconds,
        created_at=now,
    )


def _evidence(evidence: Evidence) -> list[str]:
    """Return what was found, in numbers: never what was searched for."""
    searches = [
        f"manual {one.score:.2f} {'confident' if one.confident else 'unsure'}" if one.searched else "manual unavailable"
        for one in evidence.manual.values()
    ]
    return searches + [_nearest(one) for one in evidence.nearness.values()]


def _nearest(nearness: Nearness) -> str:
    """Return the nearest request with its cosine, and the cosine to what is none."""
    if not nearness.sentences:
        return "requests by words alone"
    near, name, other = max(
        (cosine, name, one.other) for one in nearness.sentences for name, cosine in one.requests.items()
    )
    return f"request {name} {near:.2f}, none {other:.2f}"
