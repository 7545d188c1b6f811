"""Time turns over the public API, with everything stored: from POST to the answer on the event stream.

    python bench/turns.py URL [--at-once 10] [--conversations 60] [--pause 0] [--home HOME]

Customers hold the same conversation, ``--at-once`` of them at a time: a greeting, a question that the manual answers, a
problem with an address, three answers of the form. With ``--pause`` each waits so many seconds, give or take half,
before a message, as people do. With ``--home`` the processor time and memory of each process are shown too, which other
work on the machine disturbs less than the clock.
"""

import argparse
import asyncio
import json
import random
import secrets
import statistics
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx
import psutil

# Each conversation has words of its own, so that nothing that is kept of a text helps with the next one's.
DIALOGUE = (
    "Hello",
    "How do I add a new customer in group {number}?",
    "The program crashes whenever I print invoice {number}. You can reach me at {address}",
    "The program says printing failed on page {number}",
    "It began {number} minutes ago",
    "version 4.{number}",
)
SECONDS_FOR_AN_ANSWER = 30.0
PROCESSES = ("gateway", "rasa", "actions")


@dataclass
class Measured:
    """Milliseconds of each turn by its place in the dialogue, and of the acknowledgement of each message."""

    turns: list[tuple[int, float]] = field(default_factory=list)
    acknowledged: list[float] = field(default_factory=list)
    began: float = field(default_factory=time.perf_counter)
    seconds: float = 0.0

    def summary(self) -> dict[str, float]:
        milliseconds = [one for _, one in self.turns]
        return {
            "turns": len(milliseconds),
            "turns_per_second": round(len(milliseconds) / self.seconds, 1),
            "p50_ms": round(quantile(milliseconds, 0.50), 1),
            "p95_ms": round(quantile(milliseconds, 0.95), 1),
            "acknowledged_p50_ms": round(quantile(self.acknowledged, 0.50), 1),
            "acknowledged_p95_ms": round(quantile(self.acknowledged, 0.95), 1),
        }


def quantile(values: list[float], share: float) -> float:
    """Return the value below which this share of the values lies."""
    return statistics.quantiles(values, n=1000, method="inclusive")[round(share * 1000) - 1]


async def customer(
    client: httpx.AsyncClient, measured: Measured | None, dialogue: tuple[str, ...] = DIALOGUE, pause: float = 0.0
) -> None:
    """Hold one conversation; ``measured`` is None for warm-up."""
    opened = (await client.post("/api/conversations", json={})).raise_for_status().json()
    path, headers = f"/api/conversations/{opened['conversation_id']}", {"Authorization": f"Bearer {opened['token']}"}
    answers: asyncio.Queue[float] = asyncio.Queue()
    listening = asyncio.create_task(_listen(client, path, headers, answers))
    try:
        for place, line in enumerate(dialogue):
            await pausing(pause)
            text = worded(line)
            began = time.perf_counter()
            body = {"client_message_id": str(uuid.uuid4()), "text": text}
            (await client.post(f"{path}/messages", json=body, headers=headers)).raise_for_status()
            acknowledged = time.perf_counter()
            async with asyncio.timeout(SECONDS_FOR_AN_ANSWER):
                answered = await answers.get()
            if measured is not None:
                measured.turns.append((place, (answered - began) * 1000))
                measured.acknowledged.append((acknowledged - began) * 1000)
            # A turn may send several messages: its own must not count as the next one's answer.
            await asyncio.sleep(0.03)
            while not answers.empty():
                answers.get_nowait()
    finally:
        listening.cancel()


def worded(line: str) -> str:
    """Return a line with an address and a number that hardly any other conversation has."""
    return line.format(address=f"{secrets.token_hex(4)}@bench.example", number=secrets.randbelow(99_900) + 100)


async def pausing(seconds: float) -> None:
    """Wait so many seconds, give or take half, as people do before they write."""
    if seconds:
        await asyncio.sleep(seconds * random.uniform(0.5, 1.5))


async def _listen(client: httpx.AsyncClient, path: str, headers: dict[str, str], answers: asyncio.Queue[float]) -> None:
    async with client.stream("GET", f"{path}/events", headers=headers, timeout=None) as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data: ") and '"author"' in line:
                message = json.loads(line[6:])
                if "seq" in message and message["author"] != "customer":
                    answers.put_nowait(time.perf_counter())


Talk = Callable[[httpx.AsyncClient, Measured | None], Awaitable[None]]


async def run(url: str, at_once: int, conversations: int, talk: Talk = customer) -> Measured:
    """Hold ``conversations`` in all, ``at_once`` at any time, after one warm-up."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits, trust_env=False) as client:
        await talk(client, None)
        measured = Measured()
        left = iter(range(conversations))

        async def one_after_the_other() -> None:
            for _ in left:
                await talk(client, measured)

        await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
        measured.seconds = time.perf_counter() - measured.began
    return measured


def processes(home: Path) -> dict[str, psutil.Process]:
    return {name: psutil.Process(int((home / "run" / f"{name}.pid").read_text())) for name in PROCESSES}


def processor_seconds(running: dict[str, psutil.Process]) -> dict[str, float]:
    return {name: sum(process.cpu_times()[:2]) for name, process in running.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--at-once", type=int, default=10)
    parser.add_argument("--conversations", type=int, default=60)
    parser.add_argument("--pause", type=float, default=0.0)
    parser.add_argument("--home", type=Path)
    arguments = parser.parse_args()
    running = processes(arguments.home) if arguments.home else {}
    before = processor_seconds(running)
    measured = asyncio.run(
        run(arguments.url, arguments.at_once, arguments.conversations, partial(customer, pause=arguments.pause))
    )
    shown = measured.summary()
    by_place = [[ms for place, ms in measured.turns if place == index] for index in range(len(DIALOGUE))]
    print("p50 by turn:", " ".join(f"{quantile(one, 0.5):.0f}" for one in by_place))
    for name, after in processor_seconds(running).items():
        shown[f"{name}_cpu_ms_per_turn"] = round((after - before[name]) * 1000 / len(measured.turns), 1)
        shown[f"{name}_mb"] = round(running[name].memory_info().rss / 1e6)
    print(json.dumps(shown))


if __name__ == "__main__":
    main()
