"""A report: a table, a description of what it counts, and the kind of its chart."""

from dataclasses import dataclass
from typing import Any

BARS, STACKED, LINES, ACROSS, HEAT = "bars", "stacked", "lines", "across", "heat"


@dataclass(frozen=True)
class Report:
    """``rows`` are those of the table and the CSV: the first column names a row, the others are numbers or None."""

    id: str
    title: str
    what: str
    headline: str
    chart: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    unit: str = ""
