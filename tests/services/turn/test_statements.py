"""The SQL statements of a turn: the median kind of turn makes 20 at most, logging an issue with hand-off 40."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import pytest
from sqlalchemy import event

from bot.dialogue.decide import decide
from bot.dialogue.evidence import Answer, Evidence, LookUpWanted, ManualResult, NearnessLookUp
from bot.dialogue.reading import Reading
from bot.services.core.context import Context
from bot.services.turn import turns
from bot.services.turn.turns import Outcome, Prepared
from tests.support.service_fixtures import Customer
from tests.support.turn_contexts import NOTHING_NEAR

MEDIAN, MOST = 20, 40
FOUND = ManualResult(
    True,
    True,
    0.8,
    ({"title": "Restore a backup", "url": "/manual/restore", "excerpt": "Choose File > Restore."},),
    ("restore",),
    Answer("steps", "Restore a backup", "/manual/restore", ("Choose **File > Restore**.",)),
)
# What is said, and what the engine reads in it; in this order one conversation has every usual kind of turn.
CONVERSATION = (
    ("hello", "greet"),
    ("how do I restore a backup?", "how_to"),
    ("thanks, that helped", "solved"),
    ("it crashes when I print an invoice", "report_issue"),
    ("kim@brightsons.example", "inform"),
    ("8.2", "inform"),
    ("when are you open?", "ask_hours"),
    ("it says E-1402", "inform"),
    ("what about my issue?", "ask_status"),
    ("what does it cost?", "ask_coverage"),
    ("skip", "inform"),
    ("can I talk to a person?", "ask_person"),
    ("never mind", "cancel"),
    ("thank you", "thank"),
    ("bye", "goodbye"),
)
LOGS = "kim@brightsons.example"


@dataclass
class Counter:
    """The statements of a block, without those that only begin and end transactions."""

    statements: list[str] = field(default_factory=list)

    @contextmanager
    def listening(self, ctx: Context) -> Iterator[None]:
        engine = ctx.db.engine.sync_engine

        def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("BEGIN", "COMMIT", "PRAGMA", "SAVEPOINT", "RELEASE")):
                self.statements.append(statement)

        event.listen(engine, "before_cursor_execute", count)
        try:
            yield
        finally:
            event.remove(engine, "before_cursor_execute", count)


async def turn(ctx: Context, customer: Customer, intent: str) -> list[str]:
    counter = Counter()
    with counter.listening(ctx):
        begun = await turns.begin(ctx, customer.id)
        assert begun is not None
        lease, prepared = begun
        outcome = decided(ctx, prepared, Reading(intent, 0.95, (intent,)))
        assert await turns.complete(ctx, lease, prepared, outcome) is None
    return counter.statements


def decided(ctx: Context, prepared: Prepared, reading: Reading) -> Outcome:
    evidence = Evidence()
    while True:
        try:
            plan = decide(prepared.context, reading, evidence, ctx.support)
        except LookUpWanted as wanted:
            compared = isinstance(wanted.look_up, NearnessLookUp)
            evidence = evidence.joined(wanted.look_up, NOTHING_NEAR if compared else FOUND)
        else:
            return Outcome(plan, reading, evidence, ctx.support.digest)


async def test_a_turn_keeps_to_its_budget_of_statements(
    ctx: Context, customer: Customer, capsys: pytest.CaptureFixture[str]
) -> None:
    made: dict[str, int] = {}
    for text, intent in CONVERSATION:
        await customer.writes(text)
        made[text] = len(await turn(ctx, customer, intent))
    with capsys.disabled():
        print(f"\nSQL statements of a turn: {made}, median {median(made.values()):.0f}")
    assert median(made.values()) <= MEDIAN, made
    assert made[LOGS] == max(made.values()) <= MOST, made
