"""Charts as SVG, drawn here: no script, no outside library in the browser, readable by a screen reader.

Every chart has a title and a description that says its figures in words; colours are classes, so that light and dark
each have their own. The page's table has the same numbers.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import count, groupby
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup

from bot.services.reporting.report import ACROSS, BARS, HEAT, LINES, STACKED, Report

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 12, 26
ROW = 28
LABELS = 190
MOST_TICKS = 7
# A bar or a point has its number where the one beside it leaves so much room for each of its characters.
CHARACTER = 7
# The first columns of a line chart are drawn; those after them only explain the figures in the table.
DRAWN_LINES = 2
DIGITS_FROM = 10
# From this shade on words on a square are light.
DARK_FROM = 3
_ids = count(1)


def chart(report: Report) -> Markup:
    """Return the report's picture; an empty report has none."""
    if not any(value for row in report.rows for value in row[1:]):
        return Markup("")
    height = {ACROSS: ROW * len(report.rows) + 8, HEAT: 7 * ROW + 30}.get(report.chart, HEIGHT)
    number = next(_ids)
    svg = Element(
        "svg",
        {
            "viewBox": f"0 0 {WIDTH} {height}",
            "role": "img",
            "class": f"chart {report.chart}",
            "aria-labelledby": f"chart-{number}-title chart-{number}-desc",
        },
    )
    SubElement(svg, "title", {"id": f"chart-{number}-title"}).text = report.title
    SubElement(svg, "desc", {"id": f"chart-{number}-desc"}).text = f"{report.what} {report.headline}."
    _DRAW[report.chart](svg, report)
    return Markup(tostring(svg, encoding="unicode"))  # noqa: S704 - built of elements, so every text is escaped


def _stacked(svg: Element, report: Report) -> None:
    top = _round_up(max(sum(row[1:]) for row in report.rows))
    _scale(svg, top)
    slot = (WIDTH - LEFT - RIGHT) / len(report.rows)
    for place, row in enumerate(report.rows):
        foot = 0.0
        for series, value in enumerate(row[1:]):
            if value:
                _bar(
                    svg,
                    LEFT + place * slot,
                    slot * 0.78,
                    foot,
                    foot + value,
                    top,
                    series,
                    f"{row[0]}: {value} {report.columns[series + 1]}",
                )
                foot += value
        _number(svg, LEFT + (place + 0.39) * slot, _y(foot, top) - 3, foot, slot)
    _days(svg, report, slot)


def _beside(svg: Element, report: Report) -> None:
    top = _round_up(max(value for row in report.rows for value in row[1:]))
    _scale(svg, top)
    slot = (WIDTH - LEFT - RIGHT) / len(report.rows)
    width = slot * 0.78 / (len(report.columns) - 1)
    for place, row in enumerate(report.rows):
        for series, value in enumerate(row[1:]):
            if value:
                _bar(
                    svg,
                    LEFT + place * slot + series * width,
                    width,
                    0,
                    value,
                    top,
                    series,
                    f"{row[0]}: {value} {report.columns[series + 1]}",
                )
                _number(svg, LEFT + place * slot + (series + 0.5) * width, _y(value, top) - 3, value, width)
    _days(svg, report, slot)


def _lines(svg: Element, report: Report) -> None:
    columns = report.columns[1 : DRAWN_LINES + 1]
    values = [value for row in report.rows for value in row[1 : DRAWN_LINES + 1] if value is not None]
    top = 100 if report.unit == "%" else _round_up(max(values, default=1))
    _scale(svg, top, report.unit)
    slot = (WIDTH - LEFT - RIGHT) / len(report.rows)
    for series, name in enumerate(columns):
        for points in _unbroken(report, series, slot, top):
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
            SubElement(svg, "polyline", {"points": path, "class": f"line s{series}"})
            for x, y, row in points:
                place = {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": "3", "class": f"dot s{series}"}
                SubElement(SubElement(svg, "circle", place), "title").text = f"{row[0]}: {row[series + 1]:g} {name}"
                _number(svg, x, y - 7, row[series + 1], slot / len(columns))
    _days(svg, report, slot)


def _unbroken(
    report: Report, series: int, slot: float, top: float
) -> Iterator[list[tuple[float, float, tuple[Any, ...]]]]:
    """Yield the points between which no step is without data: over a gap no line is drawn."""
    places = [place for place, row in enumerate(report.rows) if row[series + 1] is not None]
    for _, run in groupby(enumerate(places), lambda pair: pair[1] - pair[0]):
        yield [
            (LEFT + (place + 0.5) * slot, _y(report.rows[place][series + 1], top), report.rows[place])
            for _, place in run
        ]


def _across(svg: Element, report: Report) -> None:
    top = max(row[1] or 0 for row in report.rows) or 1
    for place, (name, value, *_) in enumerate(report.rows):
        value = value or 0
        y = 4 + place * ROW
        _text(svg, LABELS - 8, y + 17, _short(str(name), 28), "end")
        width = (WIDTH - LABELS - 60) * value / top
        bar = {"x": str(LABELS), "y": str(y + 3), "width": f"{max(width, 1):.1f}", "height": str(ROW - 10), "rx": "2"}
        SubElement(svg, "rect", {**bar, "class": "s0"})
        _text(svg, LABELS + width + 6, y + 17, f"{value:g}", "start", "value")


def _heat(svg: Element, report: Report) -> None:
    days = report.columns[1:]
    top = max(value for row in report.rows for value in row[1:])
    cell = (WIDTH - 90) / 24
    for day, name in enumerate(days):
        y = day * ROW
        _text(svg, 82, y + 18, name, "end")
        for hour, row in enumerate(report.rows):
            value = row[day + 1]
            level = 0 if not value else 1 + min(4, int(5 * value / top - 0.001))
            place = {
                "x": f"{90 + hour * cell:.1f}",
                "y": str(y + 2),
                "width": f"{cell - 2:.1f}",
                "height": str(ROW - 4),
            }
            square = SubElement(svg, "rect", {**place, "rx": "2", "class": f"heat{level}"})
            SubElement(square, "title").text = f"{name} {row[0]}: {value}"
            if value:
                kind = "on-dark" if level > DARK_FROM else "value"
                _text(svg, 90 + (hour + 0.5) * cell - 1, y + 18, str(value), "middle", kind)
    for hour in range(0, 24, 3):
        _text(svg, 90 + (hour + 0.5) * cell, 7 * ROW + 18, f"{hour:02d}")


def _bar(svg: Element, x: float, width: float, foot: float, head: float, top: float, series: int, said: str) -> None:
    y = _y(head, top)
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "width": f"{max(width, 1):.1f}", "height": f"{_y(foot, top) - y:.1f}"}
    SubElement(SubElement(svg, "rect", {**place, "class": f"s{series}"}), "title").text = said


def _scale(svg: Element, top: float, unit: str = "") -> None:
    for step in range(5):
        value = top * step / 4
        y = _y(value, top)
        SubElement(
            svg,
            "line",
            {"x1": str(LEFT), "x2": str(WIDTH - RIGHT), "y1": f"{y:.1f}", "y2": f"{y:.1f}", "class": "grid"},
        )
        _text(svg, LEFT - 6, y + 4, f"{value:g}{unit if unit == '%' else ''}", "end")


def _days(svg: Element, report: Report, slot: float) -> None:
    every = max(1, -(-len(report.rows) // MOST_TICKS))
    months = report.columns[0] == "Month"
    for place, row in enumerate(report.rows):
        if place % every == 0:
            step = date.fromisoformat(row[0])
            words = f"{step:%b %Y}" if months else f"{step.day} {step:%b}"
            _text(svg, LEFT + (place + 0.5) * slot, HEIGHT - 8, words)


def _number(svg: Element, x: float, y: float, value: float, room: float) -> None:
    """Write the exact number, without more digits than it has; nothing where the neighbour's would touch it."""
    words = f"{value:.0f}" if value >= DIGITS_FROM else f"{value:g}"
    if value and len(words) * CHARACTER <= room:
        _text(svg, x, max(y, TOP - 2), words, "middle", "value")


def _text(svg: Element, x: float, y: float, words: str, anchor: str = "middle", kind: str = "label") -> None:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor, "class": kind, "aria-hidden": "true"}
    SubElement(svg, "text", place).text = words


def _y(value: float, top: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)


def _round_up(value: float) -> float:
    """Return the end of the scale: one that four even steps divide into round numbers."""
    size = 4.0
    while size < value:
        for factor in (4, 8, 12, 20, 32, 40):
            if factor * size / 4 >= value:
                return factor * size / 4
        size *= 10
    return size


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"


_DRAW: dict[str, Any] = {STACKED: _stacked, BARS: _beside, LINES: _lines, ACROSS: _across, HEAT: _heat}


def legend(report: Report) -> Sequence[tuple[int, str]]:
    """Return which colour is which, where there are several."""
    if report.chart in (STACKED, BARS):
        return list(enumerate(report.columns[1:]))
    return list(enumerate(report.columns[1 : DRAWN_LINES + 1])) if report.chart == LINES else []
