"""One launcher per TECHREF_HOME."""

import os
from pathlib import Path

import pytest

from bot.processes.only_one import AlreadyRunning, launcher_of, only_one


def test_a_second_launcher_is_told_who_runs_and_how_to_stop_it(tmp_path: Path) -> None:
    with only_one(tmp_path):
        assert launcher_of(tmp_path) == str(os.getpid())
        with pytest.raises(AlreadyRunning, match=f"kill {os.getpid()}"), only_one(tmp_path):
            pytest.fail("two launchers held the same home")


def test_a_home_is_free_again_when_its_launcher_has_ended(tmp_path: Path) -> None:
    with only_one(tmp_path):
        pass
    assert launcher_of(tmp_path) is None
    with only_one(tmp_path):
        assert launcher_of(tmp_path) == str(os.getpid())


def test_a_home_that_was_never_used_is_free(tmp_path: Path) -> None:
    assert launcher_of(tmp_path / "home") is None
