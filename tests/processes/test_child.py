"""Work in a child process: its status comes back, and what it imports stays there."""

import os
import signal
import sys

import pytest

from bot.processes.child import FAILED, INTERRUPTED, run_in_child


def test_status_of_the_work_is_returned() -> None:
    assert run_in_child(lambda: 0) == 0 and run_in_child(lambda: 3) == 3


def test_what_the_work_changes_stays_in_the_child() -> None:
    kept: list[int] = []

    def work() -> int:
        kept.append(1)
        sys.modules["only_in_the_child"] = sys
        return 0

    assert run_in_child(work) == 0
    assert kept == [] and "only_in_the_child" not in sys.modules


def test_an_exception_is_printed_and_fails(capfd: pytest.CaptureFixture[str]) -> None:
    def work() -> int:
        raise RuntimeError("out of paper")

    assert run_in_child(work) == FAILED
    assert "out of paper" in capfd.readouterr().err


def test_an_interrupt_and_a_signal_have_their_own_status() -> None:
    def interrupted() -> int:
        raise KeyboardInterrupt

    def killed() -> int:
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    assert run_in_child(interrupted) == INTERRUPTED
    assert run_in_child(killed) == 128 + signal.SIGKILL
