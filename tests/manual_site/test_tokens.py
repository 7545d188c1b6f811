"""The shared colours are readable: WCAG contrast, in light and dark, for every pair tokens.css promises."""

import re
from pathlib import Path

import pytest

from bot.manual_site.accent import DARK as DARK_SCHEME
from bot.manual_site.accent import LIGHT as LIGHT_SCHEME
from bot.manual_site.accent import accent_sheet, contrast

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


@pytest.mark.parametrize("block", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_is_readable_on_the_grounds_named_for_it(block: str, text: str, ground: str) -> None:
    colours = _colours(block)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("block", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_fields_and_focus_can_be_made_out(block: str, edge: str, ground: str) -> None:
    colours = _colours(block)
    assert contrast(colours[edge], colours[ground]) >= 3.0


def test_dark_replaces_every_colour() -> None:
    assert _colours(DARK).keys() == _colours(LIGHT).keys()


def test_the_sites_own_style_sheet_names_no_colour_of_its_own() -> None:
    screen = Path("bot/manual_site/static/manual.css").read_text(encoding="utf-8").split("@media print")[0]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", screen) == []


def test_contrast_is_the_one_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#123456", "#123456") == 1


def test_the_accent_is_measured_on_the_grounds_of_the_tokens() -> None:
    assert tuple(_colours(LIGHT)[ground] for ground in GROUNDS) == LIGHT_SCHEME.grounds
    assert tuple(_colours(DARK)[ground] for ground in GROUNDS) == DARK_SCHEME.grounds


@pytest.mark.parametrize(
    "colour",
    ["#1f5f8b", "#0b6158", "#ffee00", "#FF0000", "#ffffff", "#000000", "#808080", "#00ff80", "#2b00d4"],
)
def test_any_colour_of_an_operator_becomes_readable(colour: str) -> None:
    light, dark = (_colours(part) for part in accent_sheet(colour).split("@media"))
    for tokens, grounds in ((light, LIGHT_SCHEME.grounds), (dark, DARK_SCHEME.grounds)):
        readable_on = (*grounds, tokens["accent-wash"], tokens["accent-text"])
        assert min(contrast(tokens["accent"], ground) for ground in readable_on) >= 4.5


def test_a_readable_colour_is_left_as_it_is_and_is_what_the_tokens_begin_with() -> None:
    light, dark = (_colours(part) for part in accent_sheet("#1f5f8b").split("@media"))
    assert light["accent"] == "#1f5f8b"
    assert light.items() <= _colours(LIGHT).items()
    assert dark.items() <= _colours(DARK).items()
