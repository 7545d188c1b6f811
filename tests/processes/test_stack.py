"""The process manager with real processes."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

LAUNCH = Path(__file__).with_name("launch.py")
ROOT = Path(__file__).parents[2]


def eventually(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not count."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(state.stdout.strip()) and not state.stdout.startswith("Z")


@dataclass
class Running:
    launcher: subprocess.Popen[str]
    home: Path

    def pid_of(self, name: str) -> int | None:
        file = self.home / "run" / f"{name}.pid"
        return int(file.read_text()) if file.exists() else None

    def everything(self) -> list[int]:
        names = ("greeter", "sleeper", "supervisord")
        pids = [self.pid_of(name) for name in names]
        return [pid for pid in pids if pid is not None] + [int((self.home / "grandchild").read_text())]

    def socket(self) -> Path:
        configuration = (self.home / "run" / "supervisord.conf").read_text()
        return Path(configuration.split("[unix_http_server]\nfile = ")[1].splitlines()[0])

    def is_up(self) -> bool:
        assert self.launcher.poll() is None, "the launcher ended"
        return bool(self.pid_of("greeter") and self.pid_of("sleeper") and (self.home / "grandchild").exists())


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    home = tmp_path / "a home with spaces"
    home.mkdir()
    launcher = subprocess.Popen(
        [sys.executable, str(LAUNCH), str(home)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    stack = Running(launcher, home)
    try:
        eventually(stack.is_up)
        yield stack
    finally:
        if launcher.poll() is None:
            launcher.terminate()
        launcher.communicate(timeout=60)


def test_a_killed_process_is_started_again_without_its_leftovers(running: Running) -> None:
    first, orphan = running.pid_of("greeter"), int((running.home / "grandchild").read_text())
    assert first
    os.kill(first, signal.SIGKILL)
    eventually(lambda: running.pid_of("greeter") not in (None, first))
    eventually(lambda: not is_alive(orphan))


def test_nothing_is_left_running_after_a_stop(running: Running) -> None:
    everything = running.everything()
    assert len(everything) == 4
    running.launcher.terminate()
    output, _ = running.launcher.communicate(timeout=60)
    assert running.launcher.returncode == 0, output
    assert not [pid for pid in everything if is_alive(pid)]
    assert not list((running.home / "run").glob("*.pid"))
    assert "greeter │ hello from greeter" in output


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_nothing_is_left_running_after_the_launcher_was_killed(running: Running) -> None:
    everything = running.everything()
    socket = running.socket()
    running.launcher.kill()
    eventually(lambda: not [pid for pid in everything if is_alive(pid)])
    shutil.rmtree(socket.parent)


def test_the_socket_folder_is_removed_on_a_clean_stop(running: Running) -> None:
    socket = running.socket()
    assert socket.exists()
    running.launcher.terminate()
    running.launcher.communicate(timeout=60)
    assert not socket.parent.exists()
