"""Every decision in docs/decisions has the one layout and an entry in the index, and every reference finds its file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "decisions"
SECTIONS = ["Context", "Decision", "Consequences", "Turned down"]
FOLDERS = ("actions", "bench", "bot", "data", "deploy", "docs", "knowledge_base", "tests", "tools")
TEXT = {"", ".css", ".html", ".js", ".md", ".py", ".sh", ".toml", ".yaml", ".yml"}

HEAD = re.compile(
    r"# (?P<number>\d{4}) (?P<title>\S.*)\n\n"
    r"Date: \d{4}-\d{2}-\d{2}\n\n"
    r"Status: (?P<status>accepted|superseded by (?P<by>\d{4}))\n\n## Context\n"
)
INDEX_ROW = re.compile(
    r"^\| \[(?P<number>\d{4})\]\((?P<file>\S+)\) \| (?P<title>.+) \| (?P<status>\w+) \| (?P<by>\d{4})? ?\|$", re.M
)
REFERENCE = re.compile(r"decisions/(\d{4})|\b[Dd]ecisions? (\d{4})\b|\[(\d{4})\]\(")
LINK = re.compile(r"(?:decisions/|\()(\d{4}-[\w-]+\.md)")


@dataclass(frozen=True)
class Decision:
    number: str
    file: str
    title: str
    superseded_by: str | None
    sections: list[str]


def parse(path: Path) -> Decision:
    """Return the decision in ``path``; raise AssertionError when its head differs from the layout."""
    text = path.read_text(encoding="utf-8")
    head = HEAD.match(text)
    assert head, f"{path.name} does not begin with number and title, date, status and context"
    sections = re.findall(r"^## (.+)$", text, re.M)
    return Decision(head["number"], path.name, head["title"], head["by"], sections)


FILES = sorted(FOLDER.glob("[0-9]*.md"))
NUMBERS = {path.name[:4] for path in FILES}


def texts() -> Iterator[tuple[str, str]]:
    """Yield (path, content) of every text file of the repository that may refer to a decision."""
    inside = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    for path in (*ROOT.iterdir(), *inside):
        if path.is_file() and path.suffix in TEXT and "node_modules" not in path.parts:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8", errors="ignore")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_decision_has_the_layout(path: Path) -> None:
    decision = parse(path)
    assert path.name.startswith(f"{decision.number}-")
    assert decision.sections in (SECTIONS, SECTIONS[:-1])
    assert decision.superseded_by is None or decision.superseded_by in NUMBERS


def test_a_number_is_used_once() -> None:
    assert len(NUMBERS) == len(FILES)


def test_the_index_lists_every_decision_as_it_is() -> None:
    rows = INDEX_ROW.finditer((FOLDER / "README.md").read_text(encoding="utf-8"))
    listed = [(row["number"], row["file"], row["title"], row["status"], row["by"]) for row in rows]
    decisions = [parse(path) for path in FILES]
    assert listed == [
        (one.number, one.file, one.title, "superseded" if one.superseded_by else "accepted", one.superseded_by)
        for one in decisions
    ]


def test_every_reference_finds_its_decision() -> None:
    names = {path.name for path in FILES}
    found = 0
    wrong = []
    for name, text in texts():
        for match in REFERENCE.finditer(text):
            found += 1
            if next(number for number in match.groups() if number) not in NUMBERS:
                wrong.append(f"{name}: {match[0]}")
        wrong += [f"{name}: {file}" for file in LINK.findall(text) if file not in names]
    assert found > len(FILES), "the search finds fewer references than the index alone has"
    assert not wrong
