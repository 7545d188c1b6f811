"""One launcher per TECHREF_HOME."""

import os
import threading
import time
from pathlib import Path

import pytest

from bot.processes.only_one import AlreadyRunning, exclusive_lock, launcher_of, preparation_lock, shared_lock


def test_a_second_launcher_learns_who_runs_and_how_to_stop_it(tmp_path: Path) -> None:
    with exclusive_lock(tmp_path):
        assert launcher_of(tmp_path) == str(os.getpid())
        with pytest.raises(AlreadyRunning, match=f"kill {os.getpid()}"), exclusive_lock(tmp_path):
            pytest.fail("two launchers held the same home")


def test_a_home_is_free_again_when_its_launcher_has_ended(tmp_path: Path) -> None:
    with exclusive_lock(tmp_path):
        pass
    assert launcher_of(tmp_path) is None
    with exclusive_lock(tmp_path):
        assert launcher_of(tmp_path) == str(os.getpid())


def test_a_home_that_was_never_used_is_free(tmp_path: Path) -> None:
    assert launcher_of(tmp_path / "home") is None


def test_several_stacks_hold_a_home_together_and_nobody_alone(tmp_path: Path) -> None:
    with shared_lock(tmp_path):
        with shared_lock(tmp_path):
            pass
        with pytest.raises(AlreadyRunning, match="share this folder"), exclusive_lock(tmp_path):
            pytest.fail("a home that others use was held alone")
    with exclusive_lock(tmp_path), pytest.raises(AlreadyRunning, match="TECHREF_LOCAL"), shared_lock(tmp_path):
        pytest.fail("a home that is held alone was shared")


def test_a_home_is_prepared_by_one_launcher_at_a_time(tmp_path: Path) -> None:
    order: list[str] = []

    def second() -> None:
        with preparation_lock(tmp_path, lambda: order.append("told to wait")):
            order.append("second")

    with preparation_lock(tmp_path, lambda: pytest.fail("nobody prepares it")):
        waiting = threading.Thread(target=second)
        waiting.start()
        while not order:
            time.sleep(0.01)
        order.append("first is done")
    waiting.join()
    assert order == ["told to wait", "first is done", "second"]
