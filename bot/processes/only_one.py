"""One stack per folder: the kernel's file lock, which ends with the process that holds it.

A stack holds TECHREF_HOME for itself, or together with others (``shared_lock``) and then TECHREF_LOCAL for itself.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

ALONE, TOGETHER = fcntl.LOCK_EX, fcntl.LOCK_SH


class AlreadyRunning(Exception):
    """Another launcher holds this folder. ``pid`` is its process; empty when several hold it together."""

    def __init__(self, folder: Path, pid: str) -> None:
        self.pid = pid
        if pid:
            found = f"TechRef is already running with this folder ({folder}) as process {pid}."
            remedy = f"Stop it with `kill {pid}`, or set TECHREF_HOME to another folder."
        else:
            found = f"Stacks are running that share this folder ({folder})."
            remedy = "Stop them all first, or set TECHREF_HOME to another folder."
        several = "Several stacks can share TECHREF_HOME on PostgreSQL, each with its own TECHREF_LOCAL."
        super().__init__(f"{found} Nothing was changed. {remedy} {several}")


@contextmanager
def exclusive_lock(folder: Path) -> Iterator[None]:
    """Hold ``folder`` alone for as long as the block runs. Raises AlreadyRunning."""
    with _locked(folder, ALONE) as held:
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield
        held.truncate(0)


@contextmanager
def shared_lock(home: Path) -> Iterator[None]:
    """Hold ``home`` together with other stacks, and against an exclusive holder. Raises AlreadyRunning."""
    with _locked(home, TOGETHER):
        yield


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[TextIO]:
    file = _lock_file(folder)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as held:
        if not _lock(held, how):
            raise AlreadyRunning(folder, _holder(held))
        yield held


@contextmanager
def preparation_lock(home: Path, told: Callable[[], None], what: str = "home") -> Iterator[None]:
    """Wait until no other process prepares ``what`` in ``home``; call ``told`` once if that takes time."""
    file = home / "run" / f"preparing-{what}.lock"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as held:
        if not _lock(held, ALONE):
            told()
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def is_preparing(home: Path, what: str) -> bool:
    """Return True while a process holds the preparation lock of ``what``."""
    file = home / "run" / f"preparing-{what}.lock"
    if not file.exists():
        return False
    # Open for writing: a network file system grants an exclusive lock on nothing less.
    with file.open("r+") as held:
        return not _lock(held, ALONE)


@contextmanager
def only_process(home: Path, what: str) -> Iterator[None]:
    """Hold ``run/WHAT.lock`` in ``home`` while the block runs, as no other process does. Raises AlreadyRunning."""
    file = home / "run" / f"{what}.lock"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as held:
        if not _lock(held, ALONE):
            raise AlreadyRunning(home, _holder(held))
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield


def share_until_exit(folder: Path) -> None:
    """Hold ``folder`` together with others, and against an exclusive holder, until this process ends.

    The lock outlives an exec: the program that this process becomes holds it. Raises AlreadyRunning.
    """
    _keep(_lock_file(folder), folder, TOGETHER)


def hold_until_exit(folder: Path, program: str) -> None:
    """Do the same, and be the only ``program`` there. Raises AlreadyRunning."""
    share_until_exit(folder)
    _keep(_lock_file(folder).with_name(f"{program}.lock"), folder, ALONE)


def _keep(file: Path, folder: Path, how: int) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as held:
        if not _lock(held, how):
            raise AlreadyRunning(folder, _holder(held))
        held.truncate(0)
        if how == ALONE:
            held.write(str(os.getpid()))
            held.flush()
        # The kernel's lock lasts as long as one descriptor of the open file. This one is never closed.
        os.set_inheritable(os.dup(held.fileno()), True)


def launcher_of(folder: Path) -> str | None:
    """Return the process id of the launcher that holds ``folder`` now, empty for several programs, None for nobody."""
    if not _lock_file(folder).exists():
        return None
    # Open for writing: a network file system grants an exclusive lock on nothing less.
    with _lock_file(folder).open("r+") as held:
        return None if _lock(held, ALONE) else _holder(held)


def _lock_file(folder: Path) -> Path:
    return folder / "run" / "launcher.lock"


def _lock(file: TextIO, how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(file: TextIO) -> str:
    file.seek(0)
    return file.read().strip()
