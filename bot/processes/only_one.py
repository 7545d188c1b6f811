"""One stack per TECHREF_HOME: the kernel's file lock, which ends with the process that holds it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


class AlreadyRunning(Exception):
    """Another launcher holds this TECHREF_HOME. ``pid`` is its process."""

    def __init__(self, home: Path, pid: str) -> None:
        self.pid = pid
        super().__init__(
            f"TechRef is already running with this TECHREF_HOME ({home}) as process {pid}. "
            f"Nothing was changed. Stop it with `kill {pid}`, or set TECHREF_HOME to another folder."
        )


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold ``home`` for as long as the block runs. Raises AlreadyRunning."""
    file = _lock_file(home)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as held:
        if not _lock(held):
            raise AlreadyRunning(home, _holder(held))
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield
        held.truncate(0)


def launcher_of(home: Path) -> str | None:
    """The process id of the launcher that holds ``home`` now, if any."""
    if not _lock_file(home).exists():
        return None
    with _lock_file(home).open() as held:
        return None if _lock(held) else _holder(held)


def _lock_file(home: Path) -> Path:
    return home / "run" / "launcher.lock"


def _lock(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(file: TextIO) -> str:
    file.seek(0)
    return file.read().strip()
