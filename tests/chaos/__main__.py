"""`make chaos`: customers and technicians at work while each process is killed, paused and restarted in turn.

On PostgreSQL two stacks share the database, and faults befall both. Meanwhile one of two notify addresses fails, the
mail server refuses and puts off, and payments are recorded twice while their issue is claimed.
CHAOS_CUSTOMERS (200), CHAOS_TECHNICIANS (5), CHAOS_DATABASES (sqlite,postgresql), CHAOS_SEED. What is checked is what
clients, mail server and notify addresses saw, beside the database; it ends with a line for each database, and fails
when any promise was broken.
"""

import asyncio
import os
import random
import re
import secrets
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import httpx
from rich.console import Console

from tests.chaos.clients import Client, Customer, Technician
from tests.chaos.outside import KILL, Outside, outside
from tests.chaos.records import judge, spoken
from tests.chaos.stored import cut_off, drained, judge_outside, read_stored
from tests.support.postgres_server import SERVER, run_on_server
from tests.support.redis_server import REDIS, redis_namespace
from tests.support.running_stack import UNLIMITED, RunningStack, running_stack

PROCESSES, KINDS = ("gateway", "rasa", "actions"), (KILL, "pause", "restart")
PAUSE_SECONDS, BETWEEN_SECONDS, SETTLE_SECONDS = 8.0, 6.0, 240.0
console = Console()


def main() -> int:
    """The status to end with."""
    seed = int(os.environ.get("CHAOS_SEED", secrets.randbelow(10**6)))
    console.print(f"chaos: seed {seed}")
    lines, broken = [], False
    for database in os.environ.get("CHAOS_DATABASES", "sqlite,postgresql").split(","):
        random.seed(seed)
        with tempfile.TemporaryDirectory(prefix="techref-chaos-") as folder:
            line, failed = on_one_database(database, Path(folder), seed)
        lines.append(line)
        broken |= failed
    print("\n".join(lines))
    return int(broken)


@contextmanager
def database_of(kind: str, home: Path) -> Iterator[str]:
    """Give the address of an empty database: SQLite's own file, or one on the server that is dropped at the end."""
    if kind == "sqlite":
        yield f"sqlite:///{home / 'techref.db'}"
        return
    name = f"techref_chaos_{secrets.token_hex(6)}"
    run_on_server(f"CREATE DATABASE {name}")
    try:
        yield f"{SERVER}/{name}"
    finally:
        run_on_server(f"DROP DATABASE {name} WITH (FORCE)")


def on_one_database(kind: str, folder: Path, seed: int) -> tuple[str, bool]:
    """Run the stacks of one database, the stand-ins and the clients; return the line and whether it failed."""
    home = folder / "home"
    with database_of(kind, home) as url, outside(seed) as beyond, ExitStack() as stopping:
        count = 1 if kind == "sqlite" else 2
        shared = {} if kind == "sqlite" else {"TECHREF_DATABASE_URL": url, "TECHREF_REDIS_URL": f"{REDIS}/0"}
        if count > 1:
            stopping.enter_context(redis_namespace())

        def start(number: int) -> RunningStack:
            local = {"TECHREF_LOCAL": str(folder / f"local-{number}")} if count > 1 else {}
            return stopping.enter_context(running_stack(home, UNLIMITED, **shared, **local, **beyond.environ))

        with ThreadPoolExecutor() as threads:
            stacks = list(threads.map(start, range(count)))
        return asyncio.run(the_run(kind, stacks, beyond, url))


async def the_run(kind: str, stacks: list[RunningStack], beyond: Outside, url: str) -> tuple[str, bool]:
    count = int(os.environ.get("CHAOS_CUSTOMERS", "200"))
    people = [stacks[0].add_technician(f"Technician {n}") for n in range(int(os.environ.get("CHAOS_TECHNICIANS", "5")))]
    began = time.monotonic()
    async with AsyncExitStack() as closing:
        # A connection of its own for each technician's session; customers of a stack share a pool.
        pools = [await closing.enter_async_context(_pool(stack)) for stack in stacks]
        customers = [
            Customer(pools[number % len(pools)], number, pause=max(2.0, count / 10)) for number in range(count)
        ]
        technicians = []
        for number, who in enumerate(people):
            address = stacks[number % len(stacks)].url
            browser = await closing.enter_async_context(httpx.AsyncClient(base_url=address, timeout=15))
            technicians.append(Technician(browser, who, number))
        desk = [asyncio.create_task(technician.works()) for technician in technicians]
        lives = asyncio.gather(*(customer.lives() for customer in customers))
        faults = asyncio.create_task(break_things(stacks, beyond.faults))
        await lives
        happened = await faults
        await settled(stacks[0], pools[0])
        for task in desk:
            task.cancel()
        await asyncio.gather(*desk, return_exceptions=True)
        await drained(url)
        await asyncio.gather(*(customer.leaves() for customer in customers))
        return await judged(
            kind, customers, technicians, beyond, url, f"{happened} faults, {time.monotonic() - began:.0f} s"
        )


def _pool(stack: RunningStack) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=stack.url, timeout=15, limits=httpx.Limits(max_connections=None))


async def break_things(stacks: list[RunningStack], faults: list[tuple[float, str]]) -> int:
    """Every process of every stack suffers every kind of fault once, in an order that the seed decides.

    Return how many there were; what befalls gateways is added to ``faults``.
    """
    plan = [(stack, process, kind) for stack in stacks for process in PROCESSES for kind in KINDS]
    random.shuffle(plan)
    for stack, process, kind in plan:
        await asyncio.sleep(BETWEEN_SECONDS)
        pid = stack.pid_of(process)
        console.print(f"  {kind} {process} of stack {stacks.index(stack) + 1}")
        if process == "gateway":
            faults.append((time.monotonic(), kind))
        with suppress(ProcessLookupError):
            if kind == "pause":
                os.kill(pid, signal.SIGSTOP)
                await asyncio.sleep(PAUSE_SECONDS)
                os.kill(pid, signal.SIGCONT)
            else:
                os.kill(pid, signal.SIGKILL if kind == KILL else signal.SIGTERM)
        await asyncio.to_thread(stack.wait_until_ready, 120)
    return len(plan)


async def settled(stack: RunningStack, http: httpx.AsyncClient) -> None:
    """Wait until every message has had its turn."""
    client, deadline = Client(http), time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < deadline:
        await asyncio.sleep(2)
        shown = (await client.asks("GET", "/metrics")).text
        if re.search(r"^techref_inbound_pending 0(\.0)?$", shown, re.MULTILINE):
            return
    raise AssertionError(f"messages still wait for their turn after {SETTLE_SECONDS:.0f} s:\n{stack.output()}")


async def judged(
    kind: str, customers: list[Customer], technicians: list[Technician], beyond: Outside, url: str, how_long: str
) -> tuple[str, bool]:
    """Return the line that says how it went, and whether a promise was broken."""
    by_path = {customer.path.rsplit("/", 1)[1]: customer.record for customer in customers}
    for technician in technicians:
        for conversation_id, texts in technician.wrote.items():
            by_path[conversation_id].said_by_technician += texts
    records = [customer.record for customer in customers]
    references = {one for one in spoken(records) if await is_stored(technicians[0], one)}
    stored = await read_stored(url)
    paid = sum((technician.paid for technician in technicians), Counter[str]())
    for history in beyond.post.received.repeated(beyond.faults):
        console.print(f"  mail {history}", highlight=False)
    faults = replace(judge(records, references), **judge_outside(stored, beyond, paid))
    faults.duplicated_turns += stored.turns_done_twice
    clients = [*(customer.client for customer in customers), *(technician.client for technician in technicians)]
    unexpected = [one for client in clients for one in client.unexpected]
    sent = sum(len(record.sent) + len(record.said_by_technician) for record in records)
    given = sum(record.reference is not None for record in records)
    line = (
        f"{kind}: {faults}; {cut_off(stored, beyond)}; "
        f"{len(records)} customers, {len(technicians)} technicians, {sent} messages, "
        f"{given} references, {beyond.good.notices.total()} notices, {beyond.failing.requests} refused notices, "
        f"{len(beyond.post.mails)} of {len(stored.mails)} mails accepted, {len(paid)} payments, {how_long}, "
        f"unexpected answers {len(unexpected)} {sorted(set(unexpected))}"
    )
    return line, faults.any() or bool(unexpected)


async def is_stored(technician: Technician, reference: str) -> bool:
    return (await technician.client.asks("GET", f"/desk/api/issues/{reference}")).status_code == httpx.codes.OK


if __name__ == "__main__":
    sys.exit(main())
