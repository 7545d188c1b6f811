"""Rules for the widget's source: text never becomes markup, nothing is fetched from elsewhere."""

import re
from pathlib import Path

import pytest

from bot.widget.assets import CONTENT, FOLDER, TOKENS

SCRIPTS = [*sorted(FOLDER.rglob("*.js")), CONTENT]
SHARED = FOLDER / "chat" / "view" / CONTENT.name
SHEETS = [*sorted(FOLDER.rglob("*.css")), TOKENS]
MARKUP = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function|srcdoc")
IMPORT = re.compile(r"""^import .* from ["']([^"']+)["'];$""", re.MULTILINE)


def name(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_no_text_becomes_markup(script: Path) -> None:
    assert MARKUP.findall(script.read_text("utf-8")) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_imports_lead_to_files_of_ours(script: Path) -> None:
    targets = [script.parent / target for target in IMPORT.findall(script.read_text("utf-8"))]
    own = [target for target in targets if target != SHARED]
    assert [target for target in own if not target.resolve().is_relative_to(FOLDER) or not target.exists()] == []


@pytest.mark.parametrize("path", [*SCRIPTS, *SHEETS], ids=name)
def test_nothing_is_fetched_from_another_site(path: Path) -> None:
    addresses = set(re.findall(r"""["'(](?:https?:)?//[\w.-]+""", path.read_text("utf-8")))
    # The name space of SVG, and the example in the embed script's comment.
    assert {address[1:] for address in addresses} <= {"http://www.w3.org", "https://support.example.com"}


def test_tokens_that_the_sheets_use_exist() -> None:
    defined = {found for sheet in SHEETS for found in re.findall(r"(--[\w-]+)\s*:", sheet.read_text("utf-8"))}
    used = {found for sheet in SHEETS for found in re.findall(r"var\((--[\w-]+)", sheet.read_text("utf-8"))}
    assert used - defined == set()
