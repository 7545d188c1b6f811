"""Compare ours with stock Rasa 3.6.21 in one run: .venv/bin/python -m bench.rasa [--folder F] [--epochs N] [--write]

Both hold the same conversation of six turns (bench/turns.py): a greeting, a search in the manual, a problem with its
questions, an issue that is stored under a reference. Ours runs whole, over the gateway's public API; stock is the same
as a project of Rasa (bench/stock/project.py) with DIET, TED, an action server, the REST channel and its tracker store
in SQLite. The two take turns in short rounds, because other work on the machine would otherwise count for one of them.
Processor time is that of all processes of a side, user and system, from /proc; memory is their proportional set size,
which counts shared pages once. The last line is every ratio, as JSON. ``--write`` renews docs/performance.md.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil
from rich.progress import Progress

from bench import charts, page, turns
from bench.stock import server
from bench.stock.environment import prepare
from bench.turns import DIALOGUE, Measured, Talk, quantile
from tests.support.running_stack import UNLIMITED, running_stack

NAME = "bench-rasa"
# Enough for stock to understand the whole conversation; a turn costs the same however long the model was trained.
EPOCHS = 8
ROUNDS = 4
ALONE, AT_ONCE, OF_TEN, PAUSE_SECONDS = 3, 10, 20, 3.0
TITLE = "Ours and stock Rasa 3.6.21, the same conversation with everything stored; shorter is better"


@dataclass(frozen=True)
class Target:
    """What is wanted of a figure: so many times better than stock's, or at most a value."""

    times: float | None = None
    most: float | None = None

    @property
    def words(self) -> str:
        wanted = [f"{self.times:g} times" if self.times else "", f"{self.most:g}" if self.most else ""]
        return " and ".join(one for one in wanted if one)


@dataclass(frozen=True)
class Figure:
    """One row: ``ours`` and ``stock`` in the unit of the label; ``more`` when a higher value is better."""

    key: str
    label: str
    ours: float
    stock: float
    target: Target = field(default_factory=Target)
    more: bool = False

    @property
    def times(self) -> float:
        """Return how many times better ours is."""
        return self.ours / self.stock if self.more else self.stock / self.ours


@dataclass
class Side:
    """One of the two, and what was measured of it."""

    url: str
    talk: Talk
    paused: Talk
    start_s: float
    roots: Sequence[psutil.Process]
    alone: list[Measured] = field(default_factory=list)
    ten: list[Measured] = field(default_factory=list)
    pausing: list[Measured] = field(default_factory=list)
    processor_s: float = 0.0
    start_processor_s: float = field(init=False)

    def __post_init__(self) -> None:
        self.start_processor_s = spent(self.roots)

    async def round(self) -> None:
        """Hold conversations one after the other, ten at once, and ten with pauses."""
        self.alone.append(await turns.run(self.url, 1, ALONE, self.talk))
        before = spent(self.roots)
        self.ten.append(await turns.run(self.url, AT_ONCE, OF_TEN, self.talk))
        self.processor_s += spent(self.roots) - before
        self.pausing.append(await turns.run(self.url, AT_ONCE, AT_ONCE, self.paused))

    @property
    def processor_ms(self) -> float:
        """Return the processor time of a turn at ten conversations; each run has one more, which warms up."""
        return self.processor_s * 1000 / (len(self.ten) * (OF_TEN + 1) * len(DIALOGUE))

    @property
    def turns_per_second(self) -> float:
        return sum(len(one.turns) for one in self.ten) / sum(one.seconds for one in self.ten)

    @property
    def megabytes(self) -> float:
        return sum(one.memory_full_info().pss for one in family(self.roots)) / 1e6


def family(roots: Sequence[psutil.Process]) -> list[psutil.Process]:
    """Return these processes with all their children."""
    return [one for root in roots for one in (root, *root.children(recursive=True))]


def spent(roots: Sequence[psutil.Process]) -> float:
    """Return the seconds of processor time of these processes and their children, also of those that have ended."""
    times = [one.cpu_times() for one in family(roots)]
    ended = [root.cpu_times() for root in roots]
    return sum(one.user + one.system for one in times) + sum(one.children_user + one.children_system for one in ended)


def milliseconds(rounds: Sequence[Measured], share: float, *, acknowledged: bool = False) -> float:
    """Return a quantile of all turns of these rounds, or of their acknowledgements."""
    values = [ms for one in rounds for ms in (one.acknowledged if acknowledged else [ms for _, ms in one.turns])]
    return quantile(values, share)


def figures(ours: Side, stock: Side) -> list[Figure]:
    """Return every row of the comparison."""

    def timed(key: str, label: str, rounds: str, share: float, target: Target, *, acknowledged: bool = False) -> Figure:
        both = [milliseconds(getattr(side, rounds), share, acknowledged=acknowledged) for side in (ours, stock)]
        return Figure(key, label, *both, target)

    return [
        Figure(
            "processor_ms", "processor time of a turn, ms", ours.processor_ms, stock.processor_ms, Target(times=1.7)
        ),
        Figure(
            "turns_per_second", "turns a second, ten at once", ours.turns_per_second, stock.turns_per_second,
            Target(times=2), more=True,
        ),
        timed("alone_p50_ms", "one conversation: median, ms", "alone", 0.5, Target(times=2)),
        timed("alone_p95_ms", "one conversation: p95, ms", "alone", 0.95, Target()),
        timed("ten_p50_ms", "ten at once: median, ms", "ten", 0.5, Target()),
        timed("ten_p95_ms", "ten at once: p95, ms", "ten", 0.95, Target()),
        timed("pausing_p50_ms", "ten with pauses: median, ms", "pausing", 0.5, Target()),
        timed("pausing_p95_ms", "ten with pauses: p95, ms", "pausing", 0.95, Target(most=50)),
        timed("acknowledged_ms", "acknowledged: median, ms", "alone", 0.5, Target(most=8), acknowledged=True),
        Figure("memory_mb", "memory of all processes, MB", ours.megabytes, stock.megabytes, Target(most=700)),
        Figure("start_s", "ready after, s", ours.start_s, stock.start_s, Target(most=4)),
        Figure(
            "start_processor_s", "processor time of the start, s", ours.start_processor_s, stock.start_processor_s
        ),
    ]  # fmt: skip


def last_line(rows: Sequence[Figure]) -> str:
    """Return the ratios as one line of JSON, the values of both in ``ours`` and ``stock``."""
    return json.dumps(
        {
            "times_better": {one.key: round(one.times, 2) for one in rows},
            "ours": {one.key: round(one.ours, 1) for one in rows},
            "stock": {one.key: round(one.stock, 1) for one in rows},
        }
    )


def part_of_page(rows: Sequence[Figure], rounds: int, load: float) -> str:
    """Return the table and the picture for docs/performance.md."""
    head = ["", "ours", "stock Rasa", "times better", "wanted"]
    body = [
        [one.label, charts.shown(one.ours), charts.shown(one.stock), f"{one.times:.2f}", one.target.words]
        for one in rows
    ]
    return f"""{page.table([head, *body])}

{rounds} rounds; load average of the machine at the end: {load:.1f}, the measured processes included.

![{TITLE}](pictures/{NAME}.svg)
"""


def write(rows: Sequence[Figure], part: str) -> None:
    """Renew the page and the picture."""
    page.renew(NAME, part)
    groups = [charts.Group(one.label, (one.ours, one.stock)) for one in rows if not one.more]
    (page.PICTURES / f"{NAME}.svg").write_text(charts.bars(TITLE, ("ours", "stock Rasa"), groups), encoding="utf-8")


async def measure(sides: Sequence[Side], rounds: int) -> None:
    """Let the sides take turns; the one that begins changes from round to round."""
    with Progress(transient=True) as progress:
        task = progress.add_task("Rounds", total=rounds * len(sides))
        for number in range(rounds):
            for side in sides[:: 1 if number % 2 == 0 else -1]:
                await side.round()
                progress.advance(task)


def compare(folder: Path, epochs: int, rounds: int) -> list[Figure]:
    """Prepare both, start both, measure."""
    stock = server.Stock(prepare(folder), folder / "project", epochs)
    stock.train()
    home = folder / "ours"
    with running_stack(home, UNLIMITED):
        pass  # the first start of a home prepares index and model
    with ExitStack() as running:
        stack = running.enter_context(running_stack(home, UNLIMITED))
        paused = partial(turns.customer, pause=PAUSE_SECONDS)
        ours = Side(stack.url, turns.customer, paused, stack.seconds_to_start, [psutil.Process(stack.pid)])
        started = running.enter_context(stock.running())
        paused = partial(server.customer, pause=PAUSE_SECONDS)
        other = Side(started.url, server.customer, paused, started.seconds_to_start, started.roots)
        asyncio.run(measure((ours, other), rounds))
        return figures(ours, other)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "techref-stock-rasa")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="of stock's training")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--write", action="store_true", help="renew docs/performance.md and its picture")
    arguments = parser.parse_args()
    rows = compare(arguments.folder, arguments.epochs, arguments.rounds)
    part = part_of_page(rows, arguments.rounds, psutil.getloadavg()[0])
    if arguments.write:
        write(rows, part)
    print(part)
    print(last_line(rows))


if __name__ == "__main__":
    main()
