"""Two whole stacks on one PostgreSQL database: nobody notices that there are two, not even when one stands still."""

import asyncio
import os
import secrets
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.chaos.records import Record, doubled, lost, reordered
from tests.support import prepared
from tests.support.api_customer import ApiCustomer, ApiTechnician
from tests.support.event_stream import EventStream
from tests.support.postgres_server import temporary_database
from tests.support.redis_server import REDIS, redis_namespace
from tests.support.running_stack import RunningStack, eventually, running_stack

pytestmark = [pytest.mark.stack, pytest.mark.postgresql, pytest.mark.timeout(600)]

LEASE_SECONDS = 30
Pair = tuple[RunningStack, RunningStack]


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with temporary_database() as url:
        yield url


@pytest.fixture(scope="module")
def pair(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Started at the same moment, on a home that they share; what takes minutes to prepare is cached."""
    folder = tmp_path_factory.mktemp("pair")
    shared = {"TECHREF_DATABASE_URL": database, "TECHREF_REDIS_URL": f"{REDIS}/0"}

    def one(local: str) -> RunningStack:
        running = running_stack(folder / "home", **shared, TECHREF_LOCAL=str(folder / local))
        return stopping.enter_context(running)

    with redis_namespace(), ExitStack() as stopping, ThreadPoolExecutor() as threads:
        with prepared.lock():
            prepared.fill(folder / "home")
            here, there = threads.map(one, ("here", "there"))
            prepared.keep(folder / "home")
        yield here, there


def ask(database: str, query: str, *arguments: object) -> Any:
    """One value from the database."""

    async def run() -> Any:
        connection = await asyncpg.connect(database, timeout=5)
        try:
            return await connection.fetchval(query, *arguments)
        finally:
            await connection.close()

    return asyncio.run(run())


def technician_at(stack: RunningStack, name: str) -> ApiTechnician:
    account = stack.add_technician(name)
    return ApiTechnician(stack.url, account.email, account.password)


def whole(customer: ApiCustomer, stream: EventStream, sent: list[str]) -> Record:
    """What the customer saw, once the stream has brought all that the transcript holds."""
    transcript = customer.reads()["messages"]
    eventually(lambda: len(stream.messages) >= len(transcript), 20, "hearing the whole transcript")
    return Record(sent=sent, heard=stream.messages, transcript=transcript)


def is_perfect(record: Record) -> bool:
    return not (lost(record) or doubled(record) or reordered(record))


def waits_for_a_technician(stack: RunningStack) -> tuple[ApiCustomer, str]:
    """Somebody who has a reference and a place in the line."""
    customer = ApiCustomer(stack.url)
    customer.says(f"Printing fails since yesterday. Write to {secrets.token_hex(4)}@bakery.example")
    customer.says("I need a person, please")
    eventually(lambda: customer.reads()["owner"] == "queue", 30, "the hand-off")
    return customer, str(customer.reads()["reference"])


def test_whose_messages_go_here_and_there_hears_everything_once_and_in_order(pair: Pair) -> None:
    here, there = pair
    customer, sent = ApiCustomer(here.url), []
    with closing(EventStream(customer, there.url)) as stream:
        for number, text in enumerate(
            (
                "Hello",
                "How do I add a new customer?",
                "The program crashes whenever I print an invoice",
                "you can reach me at two-stacks@bakery.example",
                "it says printing failed",
                "since last Monday",
            )
        ):
            # As a proxy does that does not care who went where; the first four come in a burst.
            customer.http.base_url = pair[number % 2].url
            sent.append(secrets.token_hex(8))
            assert customer.posts(text, client_id=sent[-1]).status_code == 202
            assert customer.posts(text, client_id=sent[-1]).status_code == 200, "a repeat at the same gateway"
            customer.http.base_url = pair[(number + 1) % 2].url
            assert customer.posts(text, client_id=sent[-1]).status_code == 200, "a repeat at the other"
            if number > 3:
                stream.hears(text)
                time.sleep(0.5)
        eventually(lambda: customer.reads()["reference"] is not None, 40, "the reference")
        stream.hears(str(customer.reads()["reference"]))
        time.sleep(1)
        assert is_perfect(whole(customer, stream, sent))


def test_a_technician_at_the_other_stack_claims_types_and_answers(pair: Pair) -> None:
    here, there = pair
    customer, reference = waits_for_a_technician(here)
    anna = technician_at(there, "Anna")
    with closing(EventStream(customer, here.url)) as stream:
        anna.claims(reference)
        stream.hears("Anna")
        anna.posts(f"conversations/{customer.id}/typing", on=True)
        eventually(lambda: stream.sees_typing("technician"), 5, "seeing Anna type")
        began = time.monotonic()
        anna.posts(f"conversations/{customer.id}/messages", client_message_id="one", text="Which printer is it?")
        stream.hears("Which printer is it?", 5)
        # Two seconds would be the database's word; half of that leaves room for a busy machine.
        assert time.monotonic() - began < 1
        assert customer.posts("the one in the shop").status_code == 202
        path = f"/desk/api/conversations/{customer.id}/messages"
        eventually(lambda: "the one in the shop" in anna.http.get(path).text, 5, "reading at the desk")


def test_of_two_who_claim_at_two_stacks_at_once_exactly_one_wins(pair: Pair) -> None:
    desks = [technician_at(stack, name) for stack, name in zip(pair, ("Ben", "Carla"), strict=True)]
    with ThreadPoolExecutor() as threads:
        cases = list(threads.map(waits_for_a_technician, [*pair, *pair]))
        for _, reference in cases:
            claim = f"handoffs/{desks[0].hand_off_of(reference)['id']}/claim"
            answers = list(threads.map(lambda desk, path=claim: desk.posts(path), desks))
            assert sorted(answer.status_code for answer in answers) == [200, 409]
            (loser,) = [answer for answer in answers if answer.status_code == 409]
            assert loser.json()["error"]["code"] == "taken"


@pytest.mark.slow
def test_a_gateway_that_stands_still_past_its_lease_doubles_nothing_when_it_goes_on(pair: Pair, database: str) -> None:
    here, there = pair
    customer, sent = ApiCustomer(here.url), ["first", "second"]
    customer.says("Hello")
    gateway, rasa = here.pid_of("gateway"), here.pid_of("rasa")
    with closing(EventStream(customer, there.url)) as stream:
        os.kill(rasa, signal.SIGSTOP)
        assert customer.posts("what are your opening hours?", client_id="first").status_code == 202
        held = "SELECT lease_until > now() FROM conversations WHERE id = $1"
        eventually(lambda: bool(ask(database, held, customer.id)), 5, "the beginning of the turn")
        os.kill(gateway, signal.SIGSTOP)
        stopped = time.monotonic()
        try:
            # Its own engine answers, but nobody is awake to store that.
            os.kill(rasa, signal.SIGCONT)
            customer.http.base_url = there.url
            assert customer.posts("how do I add a new customer?", client_id="second").status_code == 202
            stream.hears("Eastern", LEASE_SECONDS + 15)
            assert time.monotonic() - stopped > LEASE_SECONDS / 2, "the turn was not held by the one that stands still"
            eventually(lambda: customer.reads()["messages"][-1]["author"] != "customer", 20, "the second answer")
            time.sleep(max(0.0, stopped + LEASE_SECONDS + 2 - time.monotonic()))
        finally:
            os.kill(gateway, signal.SIGCONT)
        here.wait_until_ready()
        eventually(lambda: "another worker has taken over" in log_of(here), 15, "noticing that the lease is gone")
        time.sleep(1)
        record = whole(customer, stream, sent)
        record.sent = sent
        assert is_perfect(record)
        assert sum("Eastern" in message["text"] for message in record.heard) == 1
        turns = "SELECT count(*) = count(DISTINCT inbound_event_id) FROM turns WHERE conversation_id = $1"
        assert ask(database, turns, customer.id)


def log_of(stack: RunningStack) -> str:
    return "".join(file.read_text(errors="replace") for file in (Path(stack.local) / "logs").glob("gateway*"))
