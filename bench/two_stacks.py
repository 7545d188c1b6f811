"""Time turns on one stack and on two, on one PostgreSQL database with Redis, alternately in one run.

    python bench/two_stacks.py [--rounds 3] [--at-once 10] [--conversations 40]

Requests of every customer go to the stacks alternately, as behind a proxy without sticky sessions. PostgreSQL and Redis
are those of the tests, in a database of its own that is dropped.
"""

import argparse
import asyncio
import itertools
import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import psutil
from turns import PROCESSES, Measured, customer, processor_seconds, run

from tests.support.postgres_server import temporary_database
from tests.support.redis_server import REDIS
from tests.support.running_stack import UNLIMITED, RunningStack, running_stack


class Proxy(httpx.AsyncBaseTransport):
    """Sends each request to the next stack."""

    def __init__(self, stacks: list[RunningStack]) -> None:
        self._inner = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=None))
        self._ports = itertools.cycle(stack.port for stack in stacks)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(port=next(self._ports))
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


async def measure(stacks: list[RunningStack], at_once: int, conversations: int) -> dict[str, float]:
    async with httpx.AsyncClient(base_url=stacks[0].url, timeout=30, transport=Proxy(stacks)) as proxied:

        async def talk(_client: httpx.AsyncClient, measured: Measured | None) -> None:
            await customer(proxied, measured)

        processes = [{name: psutil.Process(stack.pid_of(name)) for name in PROCESSES} for stack in stacks]
        before = [processor_seconds(one) for one in processes]
        measured = await run(stacks[0].url, at_once, conversations, talk)
        spent = sum(sum(processor_seconds(one).values()) for one in processes) - sum(sum(b.values()) for b in before)
    return {"stacks": len(stacks), **measured.summary(), "cpu_ms_per_turn": round(spent * 1000 / len(measured.turns))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--at-once", type=int, default=10)
    parser.add_argument("--conversations", type=int, default=40)
    parser.add_argument("--home", type=Path, help="kept, so that the model is trained once")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, temporary_database() as database, ExitStack() as stopping:
        folder = Path(temporary)
        shared = {"TECHREF_DATABASE_URL": database, "TECHREF_REDIS_URL": f"{REDIS}/0"}

        def start(name: str) -> RunningStack:
            home, local = arguments.home or folder / "home", str(folder / name)
            return stopping.enter_context(running_stack(home, UNLIMITED, **shared, TECHREF_LOCAL=local))

        with ThreadPoolExecutor() as threads:
            stacks = list(threads.map(start, ("one", "two")))
        for _ in range(arguments.rounds):
            for used in (stacks[:1], stacks):
                shown = asyncio.run(measure(used, arguments.at_once, arguments.conversations))
                print(json.dumps(shown), flush=True)


if __name__ == "__main__":
    main()
