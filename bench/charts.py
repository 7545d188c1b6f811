"""Draw line charts as SVG that read well on light and dark pages; no library, deterministic output."""

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, log10

WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM = 60, 150, 34, 50
# Distinguished by colour and by dashes; both are readable on white and on black.
COLOURS, DASHES = ("#0a7ea4", "#d9622b", "#8a63d2"), ("", "7 4", "2 4")
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #767676 }
  .grid { stroke: #999; stroke-opacity: .35 }
  @media (prefers-color-scheme: dark) { text { fill: #ccc } }
"""


def lines(curves: Mapping[str, Sequence[float]], across: str, up: str, step: float) -> str:
    """Draw one line for each curve, with points ``step`` apart on the horizontal axis; both axes begin at 0."""
    furthest = step * max(len(curve) for curve in curves.values())
    top = _round_up(max(max(curve) for curve in curves.values()))

    def place(x: float, y: float) -> tuple[float, float]:
        wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        return round(LEFT + wide * x / furthest, 1), round(TOP + high * (1 - y / top), 1)

    drawn = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">']
    drawn += [f"<title>{escape(up)} by {escape(across)}</title>", f"<style>{STYLE}</style>"]
    for part in range(5):
        (x, y), value = place(0, top * part / 4), top * part / 4
        drawn.append(f'<line class="grid" x1="{x}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}"/>')
        drawn.append(f'<text x="{x - 8}" y="{y + 4}" text-anchor="end">{value:g}</text>')
        x, y = place(furthest * part / 4, 0)
        drawn.append(f'<text x="{x}" y="{y + 18}" text-anchor="middle">{furthest * part / 4:.0f}</text>')
    labels: list[float] = []
    for (name, curve), colour, dash in zip(curves.items(), COLOURS, DASHES, strict=False):
        points = [place(step * (at + 0.5), value) for at, value in enumerate(curve)]
        path = " ".join(f"{x},{y}" for x, y in points)
        drawn.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dash}"/>'
        )
        labels.append(_apart(points[-1][1], labels))
        drawn.append(f'<text x="{points[-1][0] + 14}" y="{labels[-1] + 4}" style="fill:{colour}">{escape(name)}</text>')
    drawn.append(f'<text x="{LEFT}" y="{HEIGHT - 8}">{escape(across)}</text>')
    drawn.append(f'<text x="14" y="{TOP - 16}">{escape(up)}</text>')
    return "\n".join([*drawn, "</svg>", ""])


def _round_up(value: float) -> float:
    """Return the next 1, 2, 4 or 8 times a power of ten, so that quarters of it are plain numbers."""
    power = 10 ** ceil(log10(value) - 1)
    return next(power * one for one in (1, 2, 4, 8, 10, 20) if power * one >= value)


def _apart(wanted: float, taken: Sequence[float]) -> float:
    """Return a height for a label that no other label has."""
    while any(abs(wanted - one) < 16 for one in taken):
        wanted -= 16
    return wanted
