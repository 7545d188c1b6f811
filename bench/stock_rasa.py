"""Ours and stock Rasa 3.6.21 side by side: python bench/stock_rasa.py [--folder F] [--epochs N] [--write]

The same conversation of six turns with the same manual (bench/turns.py): a greeting, a search, a form, an issue that is
stored with a reference. Ours runs whole, over the gateway's public API; stock is what a Rasa project would be
(bench/stock/project.py): Rasa with DIET and TED over its REST channel and an action server, once with its dialogues in
memory and once in SQLite. The sides take turns within a run, because other work on the machine would otherwise count
for one of them. ``--write`` renews docs/performance.md and its picture; ``--if-installed`` compares only where stock
already is in its folder, and says so where it is not.
"""

import argparse
import asyncio
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path

import httpx
import psutil

from bench import turns
from bench.stock import report, server
from bench.stock.environment import installed, prepare
from bench.stock.project import EPOCHS
from tests.support.running_stack import UNLIMITED, RunningStack, running_stack

# What a long conversation goes on with, since a form happens once; two of six are searched for in the manual.
SPOKEN = (
    "Hello",
    "When are you open?",
    "How do I add a new customer?",
    "Are you a robot?",
    "How can I print an invoice again?",
    "Thank you",
)
STRETCH = 24  # four times what is spoken
LONG = 21 * STRETCH
ROUNDS = 3
ALONE, AT_ONCE, OF_TEN = 5, 10, 30
# Every run of conversations begins with one that warms everything up.
CONVERSATIONS = ROUNDS * (1 + ALONE + 1 + OF_TEN)
Talk = Callable[[httpx.AsyncClient, turns.Measured | None, tuple[str, ...]], Awaitable[None]]


@dataclass
class Side:
    """One of the sides, and what was measured of it."""

    name: str
    url: str
    talk: Talk
    start_s: float
    processes: Sequence[psutil.Process]
    alone: list[turns.Measured] = field(default_factory=list)
    ten: list[turns.Measured] = field(default_factory=list)
    # Of one long conversation: milliseconds of each turn, and processor seconds at the end of each stretch.
    long: list[float] = field(default_factory=list)
    stretches: list[float] = field(default_factory=list)
    short_processor_s: float = 0.0
    start_processor_s: float = field(init=False)

    def __post_init__(self) -> None:
        self.start_processor_s = self.processor_s()

    def processor_s(self) -> float:
        """Return what all processes of this side have used; other work on the machine disturbs that less than
        the clock.
        """
        return sum(sum(process.cpu_times()[:2]) for process in self.processes)

    async def short_ones(self) -> None:
        """A round of ordinary conversations: one after the other, then ten at once."""
        talk, before = partial(self.talk, dialogue=turns.DIALOGUE), self.processor_s()
        self.alone.append(await turns.run(self.url, 1, ALONE, talk))
        self.ten.append(await turns.run(self.url, AT_ONCE, OF_TEN, talk))
        self.short_processor_s += self.processor_s() - before

    async def long_one(self) -> None:
        """One conversation of LONG messages."""
        measured = turns.Measured()
        self.stretches = [self.processor_s()]
        async with httpx.AsyncClient(base_url=self.url, timeout=60, trust_env=False) as client:
            talking = asyncio.create_task(self.talk(client, measured, SPOKEN * (LONG // len(SPOKEN))))
            while not talking.done():
                await asyncio.wait([talking], timeout=0.02)
                if len(measured.turns) >= STRETCH * len(self.stretches):
                    self.stretches.append(self.processor_s())
            await talking
        self.long = [ms for _, ms in measured.turns]

    def figures(self) -> report.Figures:
        alone, ten = ([ms for one in rounds for _, ms in one.turns] for rounds in (self.alone, self.ten))
        return report.Figures(
            name=self.name,
            start_s=(self.start_s, self.start_processor_s),
            # The engine is listed first.
            engine_mb=self.processes[0].memory_info().rss / 1e6,
            all_mb=sum(process.memory_info().rss for process in self.processes) / 1e6,
            alone_ms=(turns.quantile(alone, 0.50), turns.quantile(alone, 0.95)),
            places_ms=tuple(
                statistics.median(ms for one in self.alone for at, ms in one.turns if at == place)
                for place in range(len(turns.DIALOGUE))
            ),
            ten_ms=(turns.quantile(ten, 0.50), turns.quantile(ten, 0.95)),
            turns_per_second=len(ten) / sum(one.seconds for one in self.ten),
            processor_ms=self.short_processor_s * 1000 / (CONVERSATIONS * len(turns.DIALOGUE)),
            first_ms=statistics.median(self.long[:STRETCH]),
            last_ms=statistics.median(self.long[-STRETCH:]),
            long_processor_ms=tuple((late - early) * 1000 / STRETCH for early, late in pairwise(self.stretches)),
        )


def processes_of_ours(home: Path) -> list[psutil.Process]:
    """Return the engine first, then gateway and action server, then what started them and watches over them."""
    running = turns.processes(home)
    ours = [running[name] for name in ("rasa", "gateway", "actions")]
    not_ours = psutil.Process().parents()
    return [*ours, *(one for one in ours[0].parents() if one not in (psutil.Process(), *not_ours))]


def engine_turns(home: Path) -> list[int]:
    """Milliseconds of each turn as the gateway waited for the engine: Rasa and the action that it called."""
    with sqlite3.connect(home / "techref.db") as database:
        return [ms for (ms,) in database.execute("SELECT milliseconds FROM turns WHERE milliseconds > 0")]


def held_through(home: Path) -> int:
    """Return the conversations in which ours has searched the manual and logged an issue."""
    with sqlite3.connect(home / "techref.db") as database:
        (count,) = database.execute(
            "SELECT count(DISTINCT conversation_id) FROM issues JOIN searches USING (conversation_id)"
        ).fetchone()
        return int(count)


def train_ours(stack: RunningStack) -> float:
    """Seconds of a training with nothing kept from the one before."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "bot.cli", "train", "--force", "--even-if-worse"]
    subprocess.run(command, env=stack.environ, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


async def measure(sides: list[Side]) -> None:
    for number in range(ROUNDS):
        for side in sides:
            print(f"round {number + 1} of {ROUNDS}: {side.name}", file=sys.stderr)
            await side.short_ones()
    for side in sides:
        print(f"{LONG} messages in one conversation: {side.name}", file=sys.stderr)
        await side.long_one()


def compare(folder: Path, epochs: int) -> report.Comparison:
    """Prepare both, start all three, measure."""
    stock = server.Stock(prepare(folder), folder / "project", epochs)
    stock_trained = stock.train()
    home = folder / "ours"
    with running_stack(home, UNLIMITED) as stack:  # the first start of a home prepares index and model
        ours_trained = train_ours(stack)
    with ExitStack() as running:
        began = time.perf_counter()
        stack = running.enter_context(running_stack(home, UNLIMITED))
        ready = time.perf_counter() - began
        sides = [Side("ours", stack.url, turns.customer, ready, processes_of_ours(home))]
        for tracker in ("memory", "SQLite"):
            one = running.enter_context(stock.running(tracker))
            sides.append(Side(f"stock, {tracker}", one.url, server.customer, one.seconds_to_start, one.processes))
        before = held_through(home)
        asyncio.run(measure(sides))
        if (held := held_through(home) - before) != CONVERSATIONS:
            raise RuntimeError(f"ours searched and logged in {held} conversations of {CONVERSATIONS}")
        already = len(engine_turns(home))
        asyncio.run(turns.run(stack.url, 1, 10, partial(turns.customer, dialogue=turns.DIALOGUE)))
        engine = [float(ms) for ms in engine_turns(home)[already:]]
        return report.Comparison(
            sides=[one.figures() for one in sides],
            engine_ms=(turns.quantile(engine, 0.50), turns.quantile(engine, 0.95)),
            trained_s=(ours_trained, stock_trained),
            epochs=epochs,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "techref-stock-rasa")
    parser.add_argument(
        "--epochs", type=int, default=EPOCHS, help="of stock's training; turns cost the same with fewer"
    )
    parser.add_argument("--write", action="store_true", help="renew docs/performance.md and its picture")
    parser.add_argument("--if-installed", action="store_true", help="compare only where stock Rasa is in the folder")
    arguments = parser.parse_args()
    if arguments.if_installed and not installed(arguments.folder):
        print(f"NOT COMPARED WITH STOCK RASA: it is not in {arguments.folder}. Run: make bench-rasa (installs 2.5 GB)")
        return
    comparison = compare(arguments.folder, arguments.epochs)
    print(report.table(comparison))
    print(json.dumps({what: round(times, 2) for what, times in comparison.ratios().items()}))
    if arguments.write:
        report.write(comparison)


if __name__ == "__main__":
    main()
