"""The shared colours are readable: WCAG contrast, in light and dark, for every pair tokens.css promises."""

import re
from pathlib import Path

import pytest

TOKENS = Path("bot/manual_site/static/tokens.css").read_text(encoding="utf-8")
LIGHT, DARK = TOKENS.split("@media (prefers-color-scheme: dark)")

GROUNDS = ("ground", "surface", "raised")
TEXT_PAIRS = [
    *((text, ground) for ground in GROUNDS for text in ("text", "text-soft", "accent")),
    ("accent-text", "accent"),
    ("text", "accent-wash"),
    ("accent", "accent-wash"),
    ("text-soft", "accent-wash"),
    ("danger", "ground"),
    ("danger", "danger-wash"),
    ("text", "danger-wash"),
    ("text", "mark"),
]
EDGE_PAIRS = [("edge", "ground"), ("edge", "raised"), ("accent", "ground")]


def _colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--colour-([a-z-]+): (#[0-9a-f]{6});", block))


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("block", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_is_readable_on_the_grounds_named_for_it(block: str, text: str, ground: str) -> None:
    colours = _colours(block)
    assert _contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("block", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_fields_and_focus_can_be_made_out(block: str, edge: str, ground: str) -> None:
    colours = _colours(block)
    assert _contrast(colours[edge], colours[ground]) >= 3.0


def test_dark_replaces_every_colour() -> None:
    assert _colours(DARK).keys() == _colours(LIGHT).keys()


def test_the_sites_own_style_sheet_names_no_colour_of_its_own() -> None:
    screen = Path("bot/manual_site/static/manual.css").read_text(encoding="utf-8").split("@media print")[0]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", screen) == []
