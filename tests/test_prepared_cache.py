"""The cache of index and model gives back what was kept, for the files that it was made from and no others."""

from pathlib import Path

import pytest

from tests.support import prepared


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The fingerprint of the present files, as the test sets it."""
    present = ["a" * 64]
    monkeypatch.setattr(prepared, "key", lambda: present[-1])
    return present


def home_with(folder: Path, content: str) -> Path:
    for name in prepared.CACHED:
        (folder / name).mkdir(parents=True)
        (folder / name / "file").write_text(content)
    return folder


def test_what_is_kept_is_given_back_whole(key: list[str], tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    prepared.keep(home_with(tmp_path / "first", "one"), cache)
    assert prepared.fill(tmp_path / "second", cache)
    assert {(tmp_path / "second" / name / "file").read_text() for name in prepared.CACHED} == {"one"}


def test_changed_files_are_prepared_again_and_old_ones_dropped(key: list[str], tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    for letter in "abcde":
        key.append(letter * 64)
        assert not prepared.fill(tmp_path / f"empty {letter}", cache)
        prepared.keep(home_with(tmp_path / letter, letter), cache)
    assert sum(1 for folder in cache.iterdir()) == prepared.KEPT
    assert prepared.fill(tmp_path / "last", cache)


def test_the_key_follows_every_source_of_index_and_model() -> None:
    before = prepared.key()
    assert before == prepared.key() and len(before) == 64
    sources = {str(name) for name in prepared.sources()}
    assert {"data/nlu", "data/rules", "bot/engine", "knowledge_base", "requirements"} <= sources
