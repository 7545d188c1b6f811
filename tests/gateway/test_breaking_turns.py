"""A dialogue engine that answers nonsense, and messages that break who works on them: there is an answer."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from bot.dialogue.evidence import Evidence, evidence_as_json
from bot.dialogue.plan import Plan, SayText, plan_as_json
from bot.dialogue.reading import Reading, reading_as_json
from bot.gateway.workers.turn_worker import TurnWorker
from bot.http.hub import Hub
from bot.services.core.context import Context
from bot.services.hand_off import pending_events
from bot.services.turn import poison_message, turns
from bot.services.turn.conversation_lease import Lease
from bot.services.turn.engine_client import MOST_BYTES, Engine
from bot.services.turn.turns import TRIES, TRIES_WITH_ENGINE, Outcome, Prepared
from bot.store.tables import HandOff, InboundEvent, Turn
from tests.support.service_fixtures import SUPPORT, Clock, Customer
from tests.support.serving import serving

PLAN = plan_as_json(Plan("hello", (), (SayText("Hello."),)))
DECISION = {
    "plan": PLAN,
    "reading": reading_as_json(Reading("greet", 0.9, ("greet",))),
    "evidence": evidence_as_json(Evidence()),
    "support": SUPPORT.digest,
}
GOOD = json.dumps({"decision": DECISION}).encode()


class Engines(ThreadingHTTPServer):
    """Answers every turn with ``body``, whatever that is."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.body, self.status, self.asked, self.cut, self.slow = b"", 200, 0, False, 0.0


class _Handler(BaseHTTPRequestHandler):
    server: Engines

    def do_POST(self) -> None:
        self.server.asked += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body) + self.server.cut))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def engines() -> Iterator[Engines]:
    with (server := Engines()), serving(server):
        yield server


@pytest.fixture
async def worker(ctx: Context, engines: Engines, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TurnWorker]:
    monkeypatch.setattr("bot.gateway.workers.turn_worker.RETRY_AFTER", (0.01, 0.01, 0.01))
    client = aiohttp.ClientSession(f"http://127.0.0.1:{engines.server_port}", timeout=aiohttp.ClientTimeout(total=1))
    engine = Engine(client)
    made = TurnWorker(ctx, engine, Hub())
    yield made
    await made.stop()
    await engine.close()


async def works(worker: TurnWorker, conversation_id: str) -> None:
    """One try at what waits."""
    worker.kick(conversation_id)
    while tasks := list(worker._running.values()):
        await asyncio.wait(tasks)
        await asyncio.sleep(0)


async def is_logged_by_the_rules(customer: Customer, engines: Engines, worker: TurnWorker) -> None:
    """While the engine answers rubbish the customer's issue gets its reference and its place."""
    engines.body = b"rubbish"
    await customer.writes("it crashes when I print")
    await works(worker, customer.id)
    await customer.writes("kim@brightsons.example")
    await works(worker, customer.id)


def decides(**changed: Any) -> bytes:
    """An answer with another part in its decision."""
    return json.dumps({"decision": {**DECISION, **changed}}).encode()


def plans(**changed: Any) -> bytes:
    """An answer with another part in its plan."""
    return decides(plan={**PLAN, **changed})


async def said(customer: Customer) -> str:
    return "\n".join(message["text"] for message in await customer.reads() if message["author"] != "customer")


RUBBISH = {
    "a page": b"<html>Bad gateway</html>",
    "nothing": b"",
    "no object": b"[1, 2]",
    "null": b"null",
    "half a field": b'{"decision": {',
    "no decision": b"{}",
    "no plan": decides(plan=None),
    "no reply": plans(reply=None),
    "words for a reply": plans(reply="hello"),
    "a reply without text": plans(reply=[{"kind": "say_text", "choices": []}]),
    "a choice without title": plans(reply=[{"kind": "say_text", "text": "x", "choices": [{}]}]),
    "an unknown command": plans(commands=[{"kind": "close_everything"}]),
    "a command without its field": plans(commands=[{"kind": "set_mood"}]),
    "a hand-off without its reason": plans(reply=[{"kind": "request_hand_off"}]),
    "a reading that is a number": decides(reading=7),
    "evidence that is a list": decides(evidence=[1]),
    "settings that are a number": decides(support=7),
    "no end of brackets": b"[" * 100_000,
    "too much": b" " * (MOST_BYTES + 1),
    "bytes": bytes(range(256)),
}


@pytest.mark.parametrize("what", RUBBISH)
async def test_rubbish_from_the_engine_becomes_the_honest_sentence(
    customer: Customer, engines: Engines, worker: TurnWorker, what: str
) -> None:
    engines.body = RUBBISH[what]
    await customer.writes("it crashes when I print")
    await works(worker, customer.id)
    wording = customer.ctx.support.wording
    assert wording.assistant_unavailable in await said(customer)
    assert engines.asked == 4, "three more tries"
    await customer.writes("kim@brightsons.example")
    await works(worker, customer.id)
    state = await customer.state()
    assert state["reference"] and state["owner"] == "queue"


async def test_an_answer_that_is_cut_off_counts_as_none(
    customer: Customer, engines: Engines, worker: TurnWorker
) -> None:
    engines.body, engines.cut = GOOD, True
    await customer.writes("it crashes when I print")
    await works(worker, customer.id)
    assert customer.ctx.support.wording.assistant_unavailable in await said(customer)


async def test_when_the_engine_is_itself_again_so_is_the_conversation(
    customer: Customer, engines: Engines, worker: TurnWorker
) -> None:
    await is_logged_by_the_rules(customer, engines, worker)
    engines.body = GOOD
    await customer.writes("thanks")
    await works(worker, customer.id)
    assert (await said(customer)).endswith("Hello.")


async def events(ctx: Context) -> list[InboundEvent]:
    async with ctx.db.read() as session:
        return list(await session.scalars(select(InboundEvent).order_by(InboundEvent.id)))


async def test_a_message_that_breaks_every_turn_reaches_a_person(
    customer: Customer, engines: Engines, worker: TurnWorker, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The poison is real for our code: storing its turn raises, and so do our own rules."""
    ctx, broken = customer.ctx, 0
    complete, engines.body = turns.complete, GOOD

    async def breaks(ctx: Context, lease: Lease, prepared: Prepared, outcome: Outcome) -> object:
        nonlocal broken
        if "poison" in str(prepared.text) and outcome.by != poison_message.BY:
            broken += 1
            raise ZeroDivisionError
        return await complete(ctx, lease, prepared, outcome)

    monkeypatch.setattr(turns, "complete", breaks)
    await customer.writes("poison")
    await customer.writes("and are you open today?")
    other = await Customer.arrives(ctx)
    await other.writes("hello")
    for tries in range(1, TRIES + 1):
        await works(worker, customer.id)
        await works(worker, customer.id)
        assert broken == tries, "not again at once"
        clock.advance(seconds=31)
    assert engines.asked == TRIES_WITH_ENGINE and broken == TRIES
    await works(worker, other.id)
    assert await said(other) == "Hello.", "others are served meanwhile"
    await works(worker, customer.id)
    words = await said(customer)
    assert ctx.support.wording.kept_for_a_person in words
    state = await customer.state()
    assert state["owner"] == "queue" and state["reference"] in words
    assert words.endswith("Hello."), "what was written after it has had its turn"
    async with ctx.db.read() as session:
        assert len(list(await session.scalars(select(HandOff)))) == 1
        results = list(await session.scalars(select(Turn.result).where(Turn.conversation_id == customer.id)))
    assert results == ["set aside: done", "done"]
    assert {event.status for event in await events(ctx)} == {pending_events.DONE}


async def test_what_breaks_once_has_its_turn_at_the_next_try(
    customer: Customer, engines: Engines, worker: TurnWorker, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete, engines.body, times = turns.complete, GOOD, iter(range(9))

    async def breaks_once(*arguments: Any) -> object:
        if next(times) == 0:
            raise ZeroDivisionError
        return await complete(*arguments)

    monkeypatch.setattr(turns, "complete", breaks_once)
    await customer.writes("hello")
    await works(worker, customer.id)
    clock.advance(seconds=3)
    await works(worker, customer.id)
    assert await said(customer) == "Hello."


async def test_a_message_that_kills_the_gateway_again_and_again_reaches_a_person(
    customer: Customer, engines: Engines, worker: TurnWorker, clock: Clock
) -> None:
    """A killed process stores nothing but that it had begun."""
    await customer.writes("it dies of this")
    for _ in range(TRIES):
        await customer.begins_a_turn()
        clock.advance(seconds=31)
    await works(worker, customer.id)
    assert customer.ctx.support.wording.kept_for_a_person in await said(customer)
    assert engines.asked == 0


async def test_an_issue_in_the_queue_keeps_its_place_and_gets_the_words(
    customer: Customer, engines: Engines, worker: TurnWorker, clock: Clock
) -> None:
    await is_logged_by_the_rules(customer, engines, worker)
    reference = (await customer.state())["reference"]
    await customer.writes("strange words")
    lease, prepared = await customer.begins_a_turn()
    outcome = poison_message.escalate(prepared.context, customer.ctx.support)
    await turns.complete(customer.ctx, lease, prepared, outcome)
    state = await customer.state()
    assert (state["reference"], state["owner"], state["queue_position"]) == (reference, "queue", 1)
