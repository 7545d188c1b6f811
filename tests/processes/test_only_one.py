"""One launcher per TECHREF_HOME."""

import os
import threading
import time
from pathlib import Path

import pytest

from bot.processes.only_one import AlreadyRunning, launcher_of, one_at_a_time, one_of_several, only_one


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


def test_several_stacks_hold_a_home_together_and_nobody_alone(tmp_path: Path) -> None:
    with one_of_several(tmp_path):
        with one_of_several(tmp_path):
            pass
        with pytest.raises(AlreadyRunning, match="share this folder"), only_one(tmp_path):
            pytest.fail("a home that others use was held alone")
    with only_one(tmp_path), pytest.raises(AlreadyRunning, match="TECHREF_LOCAL"), one_of_several(tmp_path):
        pytest.fail("a home that is held alone was shared")


def test_a_home_is_prepared_by_one_launcher_at_a_time(tmp_path: Path) -> None:
    order: list[str] = []

    def second() -> None:
        with one_at_a_time(tmp_path, lambda: order.append("told to wait")):
            order.append("second")

    with one_at_a_time(tmp_path, lambda: pytest.fail("nobody prepares it")):
        waiting = threading.Thread(target=second)
        waiting.start()
        while not order:
            time.sleep(0.01)
        order.append("first is done")
    waiting.join()
    assert order == ["told to wait", "first is done", "second"]
