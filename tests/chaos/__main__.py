"""`make chaos`: customers and technicians at work while each process is killed, paused and restarted in turn.

CHAOS_CUSTOMERS (200), CHAOS_TECHNICIANS (5), CHAOS_DATABASES (sqlite,postgresql), CHAOS_SEED. What is checked is what
the clients saw; it ends with a line for each database, and fails when any promise was broken.
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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
from rich.console import Console

from tests.chaos.clients import Client, Customer, Technician
from tests.chaos.records import judge, spoken
from tests.support.postgres_server import SERVER, run_on_server
from tests.support.running_stack import UNLIMITED, RunningStack, running_stack

PROCESSES, KINDS = ("gateway", "rasa", "actions"), ("kill", "pause", "restart")
PAUSE_SECONDS, BETWEEN_SECONDS, SETTLE_SECONDS = 8.0, 6.0, 240.0
console = Console()


def main() -> int:
    """The status to end with."""
    seed = int(os.environ.get("CHAOS_SEED", secrets.randbelow(10**6)))
    console.print(f"chaos: seed {seed}")
    lines, broken = [], False
    for database in os.environ.get("CHAOS_DATABASES", "sqlite,postgresql").split(","):
        random.seed(seed)
        with tempfile.TemporaryDirectory(prefix="techref-chaos-") as folder, database_of(database) as url:
            line, failed = on_one_database(database, Path(folder) / "home", url)
        lines.append(line)
        broken |= failed
    print("\n".join(lines))
    return int(broken)


@contextmanager
def database_of(kind: str) -> Iterator[str | None]:
    """The address of an empty database that is dropped at the end; None for SQLite's own file."""
    if kind == "sqlite":
        yield None
        return
    name = f"techref_chaos_{secrets.token_hex(6)}"
    run_on_server(f"CREATE DATABASE {name}")
    try:
        yield f"{SERVER}/{name}"
    finally:
        run_on_server(f"DROP DATABASE {name} WITH (FORCE)")


def on_one_database(kind: str, home: Path, url: str | None) -> tuple[str, bool]:
    database = {"TECHREF_DATABASE_URL": url} if url else {}
    with running_stack(home, UNLIMITED, **database) as stack:
        return asyncio.run(the_run(kind, stack))


async def the_run(kind: str, stack: RunningStack) -> tuple[str, bool]:
    count = int(os.environ.get("CHAOS_CUSTOMERS", "200"))
    people = [stack.add_technician(f"Technician {n}") for n in range(int(os.environ.get("CHAOS_TECHNICIANS", "5")))]
    began = time.monotonic()
    # A connection of its own for each technician's session; customers share a pool.
    async with httpx.AsyncClient(base_url=stack.url, timeout=15, limits=httpx.Limits(max_connections=None)) as http:
        customers = [Customer(http, number, pause=max(2.0, count / 10)) for number in range(count)]
        browsers = [httpx.AsyncClient(base_url=stack.url, timeout=15) for _ in people]
        technicians = [Technician(one, who, n) for n, (one, who) in enumerate(zip(browsers, people, strict=True))]
        desk = [asyncio.create_task(technician.works()) for technician in technicians]
        lives = asyncio.gather(*(customer.lives() for customer in customers))
        faults = asyncio.create_task(break_things(stack))
        await lives
        happened = await faults
        await settled(stack, http)
        for task in desk:
            task.cancel()
        await asyncio.gather(*desk, return_exceptions=True)
        await asyncio.gather(*(customer.leaves() for customer in customers))
        return await judged(kind, customers, technicians, happened, time.monotonic() - began, http, browsers)


async def break_things(stack: RunningStack) -> int:
    """Every process suffers every kind of fault once, in an order that the seed decides; how many there were."""
    plan = [(process, kind) for process in PROCESSES for kind in KINDS]
    random.shuffle(plan)
    for process, kind in plan:
        await asyncio.sleep(BETWEEN_SECONDS)
        pid = stack.pid_of(process)
        console.print(f"  {kind} {process}")
        with suppress(ProcessLookupError):
            if kind == "pause":
                os.kill(pid, signal.SIGSTOP)
                await asyncio.sleep(PAUSE_SECONDS)
                os.kill(pid, signal.SIGCONT)
            else:
                os.kill(pid, signal.SIGKILL if kind == "kill" else signal.SIGTERM)
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
    kind: str,
    customers: list[Customer],
    technicians: list[Technician],
    happened: int,
    seconds: float,
    http: httpx.AsyncClient,
    browsers: list[httpx.AsyncClient],
) -> tuple[str, bool]:
    """The line that tells how it went, and whether a promise was broken."""
    by_path = {customer.path.rsplit("/", 1)[1]: customer.record for customer in customers}
    for technician in technicians:
        for conversation_id, texts in technician.wrote.items():
            by_path[conversation_id].said_by_technician += texts
    records = [customer.record for customer in customers]
    stored = {one for one in spoken(records) if await is_stored(technicians[0], one)}
    for browser in browsers:
        await browser.aclose()
    faults = judge(records, stored)
    clients = [*(one.client for one in customers), *(one.client for one in technicians)]
    unexpected = [one for client in clients for one in client.unexpected]
    sent = sum(len(record.sent) + len(record.said_by_technician) for record in records)
    given = sum(record.reference is not None for record in records)
    line = (
        f"{kind}: {faults}; {len(records)} customers, {len(technicians)} technicians, {sent} messages, "
        f"{given} references, {happened} faults, {seconds:.0f} s, unexpected answers {len(unexpected)} "
        f"{sorted(set(unexpected))}"
    )
    return line, faults.any() or bool(unexpected)


async def is_stored(technician: Technician, reference: str) -> bool:
    return (await technician.client.asks("GET", f"/desk/api/issues/{reference}")).status_code == httpx.codes.OK


if __name__ == "__main__":
    sys.exit(main())
