"""When something made from files counts as outdated."""

from pathlib import Path

import pytest

from bot.installation.fingerprint import fingerprint


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    (tmp_path / "data" / "nlu" / "hours.yml").write_text("when are you open")
    (tmp_path / "config.yml").write_text("language: en")
    return [tmp_path / "data", tmp_path / "config.yml", tmp_path / "support.yml"]


def test_unchanged_files_keep_the_fingerprint(sources: list[Path], tmp_path: Path) -> None:
    assert fingerprint(sources, tmp_path) == fingerprint(reversed(sources), tmp_path)


def test_compiled_python_does_not_count(sources: list[Path], tmp_path: Path) -> None:
    before = fingerprint(sources, tmp_path)
    (tmp_path / "data" / "__pycache__").mkdir()
    (tmp_path / "data" / "__pycache__" / "x.pyc").write_bytes(b"\0")
    assert fingerprint(sources, tmp_path) == before


@pytest.mark.parametrize("change", ["edit", "rename", "add", "remove", "a missing file appears"])
def test_every_change_is_noticed(change: str, sources: list[Path], tmp_path: Path) -> None:
    before, hours = fingerprint(sources, tmp_path), tmp_path / "data" / "nlu" / "hours.yml"
    match change:
        case "edit":
            hours.write_text("when do you open")
        case "rename":
            hours.rename(hours.with_name("opening.yml"))
        case "add":
            (tmp_path / "data" / "nlu" / "price.yml").write_text("")
        case "remove":
            hours.unlink()
        case _:
            (tmp_path / "support.yml").write_text("phone: 1")
    assert fingerprint(sources, tmp_path) != before


def test_content_that_moves_between_files_is_noticed(tmp_path: Path) -> None:
    one, two = tmp_path / "a", tmp_path / "b"
    one.write_text("xy")
    two.write_text("z")
    before = fingerprint([one, two], tmp_path)
    one.write_text("x")
    two.write_text("yz")
    assert fingerprint([one, two], tmp_path) != before
