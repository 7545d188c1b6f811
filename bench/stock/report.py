"""What the comparison with stock Rasa says: the table, the ratios, and their place in docs/performance.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.charts import lines
from tests.widget.sizes import sizes

DOCS = Path(__file__).parents[2] / "docs"
# What was asked of ours beside stock, how many times better.
ASKED = {
    "turns a second, ten at once": 5,
    "median turn, ten at once": 3,
    "median turn, one conversation": 3,
    "start until ready, ours in all": 3,
    "memory of the engine": 3,
}
PAGE, PICTURE = DOCS / "performance.md", DOCS / "pictures" / "long-conversations.svg"
BEGIN, END = "<!-- made by `make bench-rasa WRITE=1` -->\n", "<!-- end -->\n"


@dataclass(frozen=True)
class Figures:
    """One side. Pairs are p50 and p95; ``first_ms`` and ``last_ms`` are medians of a conversation of some 500 messages,
    ``long_processor_ms`` what a turn of it cost in all processes, stretch by stretch."""

    name: str
    start_s: tuple[float, float]  # on the clock, and of processor time in all processes
    engine_mb: float
    all_mb: float
    alone_ms: tuple[float, float]
    places_ms: tuple[float, ...]  # the median of each turn of a conversation
    ten_ms: tuple[float, float]
    turns_per_second: float
    processor_ms: float
    first_ms: float
    last_ms: float
    long_processor_ms: tuple[float, ...]

    @property
    def growth(self) -> float:
        """Return how many times the processor time of a turn at the end of the long conversation is that at its
        beginning.
        """
        return self.long_processor_ms[-1] / self.long_processor_ms[0]


@dataclass(frozen=True)
class Comparison:
    """Both sides; the first is ours. ``trained_s``: ours and stock's, the latter with ``epochs``."""

    sides: Sequence[Figures]
    engine_ms: tuple[float, float]
    trained_s: tuple[float, float]
    epochs: int

    def ratios(self) -> dict[str, float]:
        """Return how many times better ours is than stock with SQLite, which keeps its dialogues as ours does."""
        ours, stock = self.sides[0], self.sides[-1]
        return {
            "turns a second, ten at once": ours.turns_per_second / stock.turns_per_second,
            "median turn, ten at once": stock.ten_ms[0] / ours.ten_ms[0],
            "median turn, one conversation": stock.alone_ms[0] / ours.alone_ms[0],
            "median turn, one conversation, the engine's part of ours": stock.alone_ms[0] / self.engine_ms[0],
            "median turn at the end of 500 messages": stock.last_ms / ours.last_ms,
            "processor time of a turn": stock.processor_ms / ours.processor_ms,
            "the same at the end of 500 messages": stock.long_processor_ms[-1] / ours.long_processor_ms[-1],
            "start until ready, ours in all": stock.start_s[0] / ours.start_s[0],
            "processor time of the start": stock.start_s[1] / ours.start_s[1],
            "memory of the engine": stock.engine_mb / ours.engine_mb,
            "memory, ours in all": stock.all_mb / ours.all_mb,
            f"training ({self.epochs} epochs of stock's 100)": self.trained_s[1] / self.trained_s[0],
        }


def table(comparison: Comparison) -> str:
    """Return a Markdown table, one column for each side."""
    sides, (trained, stock_trained) = comparison.sides, comparison.trained_s
    rows = [
        ["", *(one.name for one in sides)],
        ["---"] * (len(sides) + 1),
        ["start until ready: clock / processor, s", *(_pair(one.start_s) for one in sides)],
        ["memory: engine / all processes, MB", *(f"{one.engine_mb:.0f} / {one.all_mb:.0f}" for one in sides)],
        ["one conversation: p50 / p95, ms", *(_pair(one.alone_ms) for one in sides)],
        ["its turns one by one: p50, ms", *(_pair(one.places_ms) for one in sides)],
        ["ten at once, nobody pausing: p50 / p95, ms", *(_pair(one.ten_ms) for one in sides)],
        ["ten at once: turns a second", *(f"{one.turns_per_second:.1f}" for one in sides)],
        ["processor time of a turn, all processes, ms", *(f"{one.processor_ms:.0f}" for one in sides)],
        ["median of messages 1–24 / 481–504 of one conversation, ms", *(_growth(one) for one in sides)],
        ["their processor time, ms", *(_processor(one) for one in sides)],
        ["training, s", f"{trained:.0f}", *[f"{stock_trained:.0f} ({comparison.epochs} epochs)"] * (len(sides) - 1)],
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _growth(side: Figures) -> str:
    return _pair((side.first_ms, side.last_ms))


def _processor(side: Figures) -> str:
    return _pair((side.long_processor_ms[0], side.long_processor_ms[-1]))


def _pair(milliseconds: Sequence[float]) -> str:
    return " / ".join(f"{one:.0f}" for one in milliseconds)


def _asked(what: str) -> str:
    return str(ASKED.get(what, ""))


def section(comparison: Comparison) -> str:
    """Return the part of the page that the measuring writes."""
    widget = sizes()["before the first interaction"] / 1000
    ratios = "\n".join(f"| {what} | {times:.2f} | {_asked(what)} |" for what, times in comparison.ratios().items())
    growth = ", ".join(f"{one.name} {one.growth:.1f}" for one in comparison.sides)
    return f"""{table(comparison)}

For one conversation the gateway waited {_pair(comparison.engine_ms)} ms (p50 / p95) for engine and action; the rest
of ours is storing and delivering.

| stock with SQLite to ours | times better | asked for |
| --- | --- | --- |
{ratios}

How many times the processor time of a turn is at the end of 500 messages what it was at the beginning:
{growth}.

![The processor time of a turn over a conversation of 500 messages](pictures/{PICTURE.name})

The widget: {widget:.1f} kB compressed before the first interaction, 15 at most (`python -m tests.widget.sizes`).
"""


def write(comparison: Comparison) -> None:
    """Renew the part of the page between its marks, and the picture."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{section(comparison)}\n{END}{after}", encoding="utf-8")
    curves = {one.name: one.long_processor_ms for one in comparison.sides}
    PICTURE.write_text(
        lines(curves, "messages in the conversation", "processor time of a turn in all processes, ms", step=24),
        encoding="utf-8",
    )
