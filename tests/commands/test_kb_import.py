"""`techref kb import` and `forget`: what is chosen, what is said of the rest, and the exit code."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import build_command_line
from bot.commands import embedding
from knowledge_base.sources import Library


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    for number in range(3):
        (folder / f"page-{number}.md").write_text(f"# Page {number}\n\nSave invoice {number} first.")
    (folder / "changelog.md").write_text("# Changes\n\nNothing.")
    (folder / "404.html").write_text("<main><h1>404</h1><p>Page not found.</p></main>")
    return folder


def kb(home: Path, *arguments: str) -> tuple[int, str]:
    """Run the command in a home without the sentence embedding, which would take most of the time."""
    surroundings = {"TECHREF_HOME": str(home), "COLUMNS": "160", "NO_COLOR": "1"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedding, "build_embedding_if_possible", lambda _home: None)
        done = CliRunner().invoke(build_command_line("kb"), ["kb", *arguments], env=surroundings)
    return done.exit_code, done.output


def test_patterns_are_kept_and_what_is_left_out_is_counted_by_kind(tmp_path: Path, docs: Path) -> None:
    home = tmp_path / "home"
    code, told = kb(home, "import", str(docs), "--exclude", "changelog*", "--name", "Guide")
    assert code == 0 and "Guide (guide): 3 pages" in told, told
    assert "a page that says that a page was not found (404)" in told and "404.html" in told
    assert Library(home).sources()[0].exclude == ("changelog*",)
    for number in range(9):
        (docs / f"old-{number}.chm").write_bytes(b"x")
    code, told = kb(home, "sync", "guide")
    assert code == 1 and "most documents could not be read, 9 of 12 (of a kind that is not read (.chm): 9)" in told
    assert "and 6 more (--all-names)" in told and "old-8.chm" not in told
    assert len(Library(home).pages()) == 3, "what was there is kept"


def test_forgetting_the_last_manual_says_that_none_is_left(tmp_path: Path, docs: Path) -> None:
    home = tmp_path / "home"
    assert kb(home, "import", str(docs), "--name", "Guide")[0] == 0
    code, told = kb(home, "forget", "guide")
    assert code == 0 and "no manual is left" in told and "manual is indexed: 1 pages" in told, told
    assert kb(home, "import", str(docs), "--name", "Guide")[0] == 0
    code, told = kb(home, "forget", "guide", "--demo-manual")
    assert code == 0 and "no manual is left" not in told and "manual is indexed: 51 pages" in told, told
