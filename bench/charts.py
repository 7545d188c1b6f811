"""Draw groups of horizontal bars as SVG that reads on light and on dark pages; the same figures give the same file."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, LEFT, RIGHT, BAR, GAP, HEAD = 720, 250, 90, 16, 22, 34
# Told apart by lightness as well, for those who see no colours.
COLOURS = ("#0a7ea4", "#e08a4f")
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #666 }
  @media (prefers-color-scheme: dark) { text { fill: #ccc } }
"""


@dataclass(frozen=True)
class Group:
    """Bars that are compared: a label with its unit, and one value for each series. Each group has its own scale."""

    label: str
    values: Sequence[float]


def bars(title: str, series: Sequence[str], groups: Sequence[Group]) -> str:
    """Return the chart as the text of an SVG file; each value is written behind its bar."""
    each = BAR * len(series) + GAP
    height = HEAD + each * len(groups)
    drawn = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">']
    drawn += [f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>"]
    for number, name in enumerate(series):
        x = LEFT + number * 150
        drawn.append(f'<rect x="{x}" y="8" width="12" height="12" fill="{COLOURS[number]}"/>')
        drawn.append(f'<text x="{x + 18}" y="19">{escape(name)}</text>')
    for place, group in enumerate(groups):
        top, most = HEAD + place * each, max(group.values)
        middle = top + BAR * len(series) / 2 + 4
        drawn.append(f'<text x="{LEFT - 10}" y="{middle:g}" text-anchor="end">{escape(group.label)}</text>')
        for number, value in enumerate(group.values):
            y, long = top + number * BAR, round((WIDTH - LEFT - RIGHT) * value / most, 1)
            drawn.append(f'<rect x="{LEFT}" y="{y}" width="{long}" height="{BAR - 2}" fill="{COLOURS[number]}"/>')
            drawn.append(f'<text x="{LEFT + long + 6}" y="{y + 12}">{shown(value)}</text>')
    return "\n".join([*drawn, "</svg>", ""])


def shown(value: float) -> str:
    """Return a figure with two or three digits that count."""
    return f"{value:,.0f}" if value >= 20 else f"{value:.1f}"
