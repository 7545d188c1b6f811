"""Two technicians, a customer, the assistant and the clock, in every order: nothing is lost, nobody is asked twice."""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from bot.dialogue.plan import ReplyPart
from bot.dialogue.reading import Reading
from bot.services.channel import receive
from bot.services.core.context import Context
from bot.services.core.errors import Conflict
from bot.services.desk import reply_promise, technician_messages
from bot.services.hand_off import hours_notice, reminders, resolve_issues, silence, transitions
from bot.services.hand_off.open_hand_offs import OPEN_STATES
from bot.services.turn import turns
from bot.services.turn.conversation_lease import Lease
from bot.services.turn.turns import Prepared
from bot.settings.env.settings import load_settings
from bot.settings.support.load import load_support
from bot.store.database import Database
from bot.store.tables import AuditEntry, Conversation, HandOff, Issue, Message, Technician, Turn
from tests.support.service_fixtures import Clock, Customer, add_technician
from tests.support.service_steps import log_an_issue
from tests.support.turn_outcomes import CANCELS, HANDS_OFF, outcome_of

SUPPORT = load_support(Path("no-such-home"))
WHO = st.sampled_from(["the holder", "the holder", "the holder", "the other"])
MOST_ROUNDS = 8
# What a stale turn is decided again to changes neither owner nor issue.
SMALL_TALK = Reading("bot_challenge", 0.9)
WISHES: dict[str, tuple[ReplyPart, ...]] = {"hand_off": (HANDS_OFF,), "cancel_hand_off": (CANCELS,), "nothing": ()}
STALE = "This was thought of for an owner who is gone"


class Day(RuleBasedStateMachine):
    """What should be the case is kept here; what is the case is in the database, changed by the product's services."""

    database: Path
    happened: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.home = Path(tempfile.mkdtemp(prefix="day"))
        shutil.copy(self.database, self.home / "techref.db")
        self.clock = Clock()
        self.owner, self.holder, self.moves = "assistant", "", 0
        self.written: list[str] = []
        # Events that wait for a turn, and those of the present turn that still do.
        self.pending = self.owed = 0
        self.unanswered: Any = None
        self.claimed_at: datetime | None = None
        self.promised: datetime | None = None
        self.call: Any = None
        self.turn: tuple[Lease, Prepared, int] | None = None
        self.stale = 0

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    def teardown(self) -> None:
        if hasattr(self, "ctx"):
            self.run(self.ctx.db.close())
        self.runner.close()
        shutil.rmtree(self.home)

    @initialize()
    def a_customer_has_logged_an_issue(self) -> None:
        found = load_settings({"TECHREF_HOME": str(self.home)})
        self.ctx = Context(found, SUPPORT, Database(found.database_url), manual=None, clock=self.clock)  # type: ignore[arg-type]
        self.run(self._open())

    async def _open(self) -> None:
        self.customer = await Customer.arrives(self.ctx)
        self.people: dict[str, Technician] = {name: await add_technician(self.ctx, name) for name in ("Anna", "Ben")}
        self.reference = await log_an_issue(self.ctx, self.customer)
        await self.customer.writes("it crashes")
        await self.customer.is_answered(f"Tech Reference is {self.reference}", HANDS_OFF)
        self.written.append("it crashes")
        self.unanswered = self.clock.now
        self._moved("queue")

    # -- the customer and the assistant

    @rule()
    def the_customer_writes(self) -> None:
        text = f"message {len(self.written)}"
        self.run(self.customer.writes(text))
        self.written.append(text)
        self.pending += self.owner != "technician"
        self.unanswered = self.unanswered or self.clock.now

    @precondition(lambda self: self.turn is None and self.pending)
    @rule()
    def a_turn_begins(self) -> None:
        begun = self.run(turns.begin(self.ctx, self.customer.id))
        if self.owner == "technician":
            assert begun is None, "while a technician has it nobody else answers"
            self.pending = 0
            return
        assert begun is not None
        lease, prepared = begun
        if self.owner == "closed":
            self._moved("assistant")
            self.happened["reopened"] += 1
        self.turn, self.owed = (lease, prepared, self.moves), len(prepared.event_ids)

    @precondition(lambda self: self.turn is not None)
    @rule(wish=st.sampled_from(["cancel_hand_off", "hand_off", "nothing"]))
    def the_turn_ends(self, wish: str) -> None:
        assert self.turn is not None
        lease, prepared, began_at = self.turn
        stale = began_at != self.moves
        outcome = outcome_of(self.ctx, STALE if stale else "An answer", *WISHES[wish], reading=SMALL_TALK)
        following = self.run(turns.complete(self.ctx, lease, prepared, outcome))
        while following is not None and following.event_id == prepared.event_id:
            # What was written meanwhile is answered together with it.
            stale, prepared = False, following
            outcome = outcome_of(self.ctx, "An answer", *WISHES[wish], reading=SMALL_TALK)
            following = self.run(turns.complete(self.ctx, lease, prepared, outcome))
        self.owed = len(prepared.event_ids) if self.owed else 0
        self.run(self._release())
        self.turn, self.pending = None, self.pending - self.owed
        if self.owner == "closed" and self.pending:
            # What the customer has written since it was closed comes next.
            self._moved("assistant")
            self.happened["reopened"] += 1
        if stale:
            self.stale += 1
            self.happened["a stale reply"] += 1
        elif wish == "hand_off" and self.owner == "assistant":
            self._moved("queue")
        elif wish == "cancel_hand_off" and self.owner == "queue":
            self._moved("assistant")
            self.happened["cancelled"] += 1

    @precondition(lambda self: self.owner == "queue" and self.turn is None and not self.pending)
    @rule()
    def the_customer_no_longer_wants_to_wait(self) -> None:
        self.the_customer_writes()
        self.a_turn_begins()
        self.the_turn_ends("cancel_hand_off")

    @precondition(lambda self: self.owner == "queue" and self.turn is None)
    @rule(name=st.sampled_from(["Anna", "Ben"]))
    def somebody_claims_while_the_assistant_thinks(self, name: str) -> None:
        self.the_customer_writes()
        self.a_turn_begins()
        self.somebody_claims(name)

    @precondition(lambda self: self.owner == "assistant" and self.turn is None and not self.pending)
    @rule()
    def the_customer_asks_for_a_person(self) -> None:
        self.the_customer_writes()
        self.a_turn_begins()
        self.the_turn_ends("hand_off")

    @precondition(lambda self: self.owner == "closed" and self.turn is None and not self.pending)
    @rule()
    def the_customer_writes_again_when_it_is_over(self) -> None:
        self.the_customer_writes()
        self.a_turn_begins()

    async def _release(self) -> None:
        async with self.ctx.db.write() as session:
            (await session.get_one(Conversation, self.customer.id)).lease_until = None

    # -- the technicians

    @precondition(lambda self: self.owner == "queue")
    @rule(name=st.sampled_from(["Anna", "Ben"]))
    def somebody_claims(self, name: str) -> None:
        self.run(transitions.claim(self.ctx, self.run(self._newest_hand_off()), self.people[name]))
        self._moved("technician", name)
        self.claimed_at = self.clock.now

    @precondition(lambda self: self.owner != "queue")
    @rule(name=st.sampled_from(["Anna", "Ben"]))
    def what_does_not_wait_cannot_be_claimed(self, name: str) -> None:
        newest = self.run(self._newest_hand_off())
        self._refused(transitions.claim(self.ctx, newest, self.people[name]), "taken")

    @precondition(lambda self: self.owner == "queue")
    @rule()
    def both_claim_at_once(self) -> None:
        newest = self.run(self._newest_hand_off())

        async def race() -> list[Any]:
            claims = [transitions.claim(self.ctx, newest, who) for who in self.people.values()]
            ended: list[Any] = await asyncio.gather(*claims, return_exceptions=True)
            return ended

        outcomes = self.run(race())
        (won,) = [outcome for outcome in outcomes if isinstance(outcome, HandOff)]
        assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1
        self._moved("technician", next(name for name, who in self.people.items() if who.id == won.technician_id))
        self.claimed_at = self.clock.now

    @precondition(lambda self: self.owner == "technician")
    @rule(who=WHO)
    def somebody_replies(self, who: str) -> None:
        name = self._name(who)
        incoming = receive.Incoming(f"{name}{self.clock.now}{len(self.written)}{self.moves}", text=f"{name} replies")
        work = technician_messages.send_message(self.ctx, self.people[name], self.customer.id, incoming)
        if self._has(name):
            self.run(work)
            self.unanswered = None
        else:
            self._refused(work, "not_owner")

    @precondition(lambda self: self.owner == "technician")
    @rule(who=WHO)
    def somebody_gives_it_back(self, who: str) -> None:
        self._requeue(who, "give_back")

    @precondition(lambda self: self.owner == "technician")
    @rule(who=WHO)
    def somebody_resolves_it(self, who: str) -> None:
        self._requeue(who, "resolve")

    @precondition(lambda self: self.owner == "technician")
    @rule(who=WHO, move=st.sampled_from(["to Ben", "to data"]))
    def somebody_transfers_it(self, who: str, move: str) -> None:
        self._requeue(who, move)

    def _requeue(self, who: str, move: str) -> None:
        name, about = self._name(who), self.customer.id
        by, ben = self.people[name], self.people["Ben"].id
        work = {
            "give_back": lambda: transitions.give_back(self.ctx, about, by, "done"),
            "resolve": lambda: resolve_issues.resolve(self.ctx, about, by),
            "to Ben": lambda: transitions.transfer(self.ctx, about, by, to_technician_id=ben, note="n"),
            "to data": lambda: transitions.transfer(self.ctx, about, by, team="data"),
        }[move]()
        if not self._has(name):
            self._refused(work, "not_owner")
            return
        self.run(work)
        self.pending = self.owed = 0
        self._moved({"give_back": "assistant", "resolve": "closed"}.get(move, "queue"))
        self.happened[move] += 1
        if move == "give_back":
            self.pending += 1  # the assistant speaks next without being spoken to

    @precondition(lambda self: self.owner == "technician")
    @rule(who=WHO)
    def somebody_telephones(self, who: str) -> None:
        name = self._name(who)
        if not self._has(name):
            self._refused(reply_promise.begin_call(self.ctx, self.people[name], self.customer.id), "not_owner")
        elif self.call is None:
            self.run(reply_promise.begin_call(self.ctx, self.people[name], self.customer.id))
            self.call = self.clock.now
        else:
            minutes = self.run(reply_promise.end_call(self.ctx, self.people[name], self.customer.id))
            assert minutes >= 1
            self.call, self.unanswered = None, None

    @precondition(lambda self: self.owner != "technician")
    @rule()
    def nobody_writes_or_moves_without_having_it(self) -> None:
        for who in self.people.values():
            incoming = receive.Incoming("too early", text="too early")
            self._refused(technician_messages.send_message(self.ctx, who, self.customer.id, incoming), "not_owner")
            self._refused(resolve_issues.resolve(self.ctx, self.customer.id, who), "not_owner")

    @precondition(lambda self: self.owner == "technician")
    @rule(minutes=st.integers(5, 600))
    def the_holder_promises(self, minutes: int) -> None:
        until = self.clock.now + timedelta(minutes=minutes)
        self.run(reply_promise.promise_reply(self.ctx, self.people[self.holder], self.customer.id, until.isoformat()))
        self.promised = until

    # -- the clock

    @rule(minutes=st.sampled_from([1, 14, 15, 20, 60]))
    def time_passes(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)
        self._jobs()

    @rule(minutes=st.sampled_from([-1, 0, 5, 15]))
    def the_next_day_comes(self, minutes: int) -> None:
        opening = SUPPORT.office_hours.state_at(self.clock.now).next_opening
        assert opening is not None
        self.clock.now = opening.astimezone(UTC) + timedelta(minutes=minutes)
        self._jobs()

    def _jobs(self) -> None:
        """Each job twice: the second run must do no harm."""
        for job in (silence.return_unanswered, hours_notice.post_hours_notices, reminders.mark_reminders) * 2:
            self.run(job(self.ctx))
        if self._should_be_silent():
            self.pending = self.owed = 0
            self._moved("queue")
            self.happened["silence"] += 1

    def _should_be_silent(self) -> bool:
        """The rule again, counted minute by minute."""
        hours = SUPPORT.office_hours
        if self.owner != "technician" or self.unanswered is None or not hours.state_at(self.clock.now).open:
            return False
        if self.call is not None and self.clock.now - self.call < timedelta(hours=4):
            return False
        begun = max(moment for moment in (self.claimed_at, self.unanswered, self.promised) if moment is not None)
        minutes = int((self.clock.now - begun).total_seconds() // 60)
        waited = sum(hours.state_at(begun + timedelta(minutes=n)).open for n in range(max(0, minutes)))
        return waited >= SUPPORT.queue.silence_minutes

    # -- what must always hold

    @invariant()
    def the_owner_is_who_it_should_be(self) -> None:
        if not hasattr(self, "ctx"):
            return
        conversation, open_ones, audited = self.run(self._rows())
        assert conversation.owner == self.owner
        assert conversation.epoch == 1 + self.moves == 1 + audited
        assert len(open_ones) == (1 if self.owner in ("queue", "technician") else 0)
        if self.owner == "technician":
            assert conversation.technician_id == open_ones[0].technician_id == self.people[self.holder].id
        else:
            assert conversation.technician_id is None and conversation.promised_until is None

    @invariant()
    def nothing_is_lost_repeated_or_stale(self) -> None:
        if not hasattr(self, "ctx"):
            return
        messages, stale, announced = self.run(self._said())
        assert [message.seq for message in messages] == list(range(1, len(messages) + 1))
        assert [message.text for message in messages if message.author == "customer"] == self.written
        assert not any(message.text == STALE for message in messages)
        assert stale == self.stale
        assert announced == 1

    async def _rows(self) -> tuple[Conversation, list[HandOff], int]:
        async with self.ctx.db.read() as session:
            conversation = await session.get_one(Conversation, self.customer.id)
            open_ones = list(await session.scalars(select(HandOff).where(HandOff.state.in_(OPEN_STATES))))
            moves = select(func.count()).select_from(AuditEntry).where(AuditEntry.action.startswith("owner."))
            return conversation, open_ones, await session.scalar(moves) or 0

    async def _said(self) -> tuple[list[Message], int, int]:
        async with self.ctx.db.read() as session:
            messages = list(await session.scalars(select(Message).order_by(Message.seq)))
            stale = await session.scalar(select(func.count()).where(Turn.result.in_((turns.FACTS_ONLY, turns.AGAIN))))
            announced = sum(f"Tech Reference is {self.reference}" in message.text for message in messages)
            assert await session.scalar(select(func.count()).select_from(Issue)) == 1
            return messages, stale or 0, announced

    async def _newest_hand_off(self) -> int | None:
        async with self.ctx.db.read() as session:
            return await session.scalar(select(func.max(HandOff.id)))

    def _name(self, who: str) -> str:
        other = {"Anna": "Ben", "Ben": "Anna"}
        return self.holder or "Anna" if who == "the holder" else other.get(self.holder, "Ben")

    def _has(self, name: str) -> bool:
        return self.owner == "technician" and self.holder == name

    def _refused(self, work: Coroutine[Any, Any, Any], code: str) -> None:
        with pytest.raises(Conflict) as raised:
            self.run(work)
        assert raised.value.code == code

    def _moved(self, owner: str, holder: str = "") -> None:
        self.owner, self.holder, self.moves = owner, holder, self.moves + 1
        self.promised = self.claimed_at = None
        if self.call is not None:
            # A call ends with the conversation it is about, and a call answers.
            self.call, self.unanswered = None, None


def bounded(examples: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=30,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def test_some_orders_of_events(migrated: Path) -> None:
    Day.database = migrated
    run_state_machine_as_test(seed(0)(Day), settings=bounded(5))


@pytest.mark.slow
def test_every_order_of_events(migrated: Path) -> None:
    Day.database = migrated
    everything = {"silence", "a stale reply", "reopened", "cancelled", "give_back", "resolve", "to Ben", "to data"}
    # Which orders a seed brings depends on what else is loaded: more are tried until all that can happen has happened.
    for number in range(MOST_ROUNDS):
        run_state_machine_as_test(seed(number)(Day), settings=bounded(15))
        if number and everything <= set(Day.happened):
            return
    raise AssertionError(f"{Day.happened}: the orders that were tried leave something out")
