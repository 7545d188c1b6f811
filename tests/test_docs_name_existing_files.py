"""The documents name only files that exist: paths in the text, links to other files, and the engine's modules."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
PATH = re.compile(
    r"(?<![\w./-])(?:actions|bench|bot|data|deploy|docs|knowledge_base|requirements|tests|tools)"
    r"/[\w./-]*\w\.(?:css|html|js|json|md|py|sql|svg|toml|txt|yml)\b"
)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
ANCHOR = re.compile(r"\]\(([^)#\s:]*)#([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.M)
CODE = re.compile(r"`[^`\n]*`")
TEST_FILE = re.compile(r"(?<!\w)test_\w+\.py\b")
ENGINE_MODULE = re.compile(r"^\| `(\w+)` \|", re.M)
# The name of a file that a reader is to create.
PLACEHOLDERS = {"NNNN"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_path_in_a_document_exists(document: Path) -> None:
    paths = PATH.findall(document.read_text(encoding="utf-8"))
    wrong = {path for path in paths if not any(word in path for word in PLACEHOLDERS) and not (ROOT / path).is_file()}
    assert not wrong


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_to_a_file_finds_it(document: Path) -> None:
    text = CODE.sub("", document.read_text(encoding="utf-8"))
    links = [link for link in LINK.findall(text) if "://" not in link]
    wrong = [link for link in links if not link.startswith("mailto:") and not (document.parent / link).exists()]
    assert not wrong


def anchors(document: Path) -> set[str]:
    """Return the anchors that GitHub gives the headings of a document."""
    headings = HEADING.findall(document.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_to_a_heading_finds_it(document: Path) -> None:
    text = CODE.sub("", document.read_text(encoding="utf-8"))
    links = [(document.parent / file if file else document, anchor) for file, anchor in ANCHOR.findall(text)]
    assert not [anchor for target, anchor in links if anchor not in anchors(target)]


def test_every_test_that_a_document_names_exists() -> None:
    """Several are named without their folder, behind the first of a list."""
    existing = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    named = {name for document in DOCUMENTS for name in TEST_FILE.findall(document.read_text(encoding="utf-8"))}
    assert len(named) > 10, "the search for tests finds next to none"
    assert named <= existing


def test_the_page_on_the_engine_names_its_modules() -> None:
    text = (ROOT / "docs" / "engine.md").read_text(encoding="utf-8")
    table = text.partition("## What the launcher changes")[2].partition("\n## ")[0]
    modules = ENGINE_MODULE.findall(table)
    assert len(modules) > 5, "the table of modules is not read any more"
    assert [name for name in modules if not (ROOT / "bot" / "engine" / f"{name}.py").is_file()] == []


def test_the_search_for_paths_sees_those_of_this_repository() -> None:
    """Without it a changed expression would find nothing, and every document would pass."""
    found = {path for document in DOCUMENTS for path in PATH.findall(document.read_text(encoding="utf-8"))}
    assert {"bot/store/tables.py", "bot/engine/turn_channel.py", "knowledge_base/search.py"} <= found
