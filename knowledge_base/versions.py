"""Versions of the index on disk: built aside, made current atomically, kept while a reader holds them.

    index/current          names the version in use; replaced in one step
    index/building.lock    held by the one builder
    index/v-…/in_use       every reader holds a shared lock on it

Locks are those of the operating system: a process that dies, however it dies, holds none.
"""

import fcntl
import os
import secrets
import shutil
import tempfile
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

POINTER = "current"
_LOCK = "building.lock"
_IN_USE = "in_use"
_PREFIX = "v-"
_OPEN_ATTEMPTS = 20


class IndexUnavailable(RuntimeError):
    """There is no index to search, or it cannot be read. The caller goes on without the manual."""


class AnotherBuilder(RuntimeError):
    """Another process is building the index at this moment."""


class Reader:
    """A version held open: it is not removed before this object is closed or deleted."""

    def __init__(self, folder: Path, lock: int, stamp: tuple[int, int]) -> None:
        self.folder = folder
        self.stamp = stamp
        self._release = weakref.finalize(self, os.close, lock)

    @classmethod
    def of_unfinished(cls, folder: Path) -> "Reader":
        """Return a reader of a version that its builder reads before it is current."""
        return cls(folder, os.open(folder, os.O_RDONLY), (0, 0))

    def close(self) -> None:
        """Release the version; may be called twice."""
        self._release()


def version_stamp(index_dir: Path) -> tuple[int, int]:
    """Return a value that changes whenever another version becomes current; a call costs microseconds.

    Raises IndexUnavailable when there is no index.
    """
    try:
        state = os.stat(index_dir / POINTER)  # noqa: PTH116 - on every query, hence the quick one
    except OSError as error:
        raise IndexUnavailable(
            f"There is no search index in {index_dir}. Answers from the manual are left out "
            "until it is built: run `techref index`."
        ) from error
    return state.st_ino, state.st_mtime_ns


def open_current(index_dir: Path) -> Reader:
    """Hold the current version. Raises IndexUnavailable."""
    for _ in range(_OPEN_ATTEMPTS):
        seen = version_stamp(index_dir)
        try:
            folder = index_dir / (index_dir / POINTER).read_text(encoding="ascii").strip()
            lock = os.open(folder / _IN_USE, os.O_RDONLY)
        except (OSError, UnicodeDecodeError):
            # The version was replaced and removed between the two lines above, or is damaged: retry after a moment.
            time.sleep(0.01)
            continue
        fcntl.flock(lock, fcntl.LOCK_SH)
        if (folder / _IN_USE).exists():
            return Reader(folder, lock, seen)
        os.close(lock)
    raise IndexUnavailable(
        f"The search index in {index_dir} is damaged: its pointer names no version. Answers from the manual "
        "are left out until it is built again: run `techref index`."
    )


@contextmanager
def build_lock(index_dir: Path) -> Iterator[None]:
    """Hold the build lock. Raises AnotherBuilder at once when another process holds it."""
    index_dir.mkdir(parents=True, exist_ok=True)
    with (index_dir / _LOCK).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherBuilder(
                f"Another process is building the index in {index_dir} at this moment. Nothing was changed; "
                "its result will be used as soon as it is done."
            ) from None
        yield


def is_building(index_dir: Path) -> bool:
    """Return True while a process builds the index."""
    if not (index_dir / _LOCK).exists():
        return False
    try:
        with build_lock(index_dir):
            return False
    except AnotherBuilder:
        return True


def new_version(index_dir: Path) -> Path:
    """Create an empty folder for the next version. Call it under the build lock."""
    folder = index_dir / f"{_PREFIX}{time.time_ns():020d}-{secrets.token_hex(2)}"
    folder.mkdir()
    (folder / _IN_USE).touch()
    return folder


def make_current(index_dir: Path, version: Path) -> None:
    """Make a finished version current: from here on every new reader opens it."""
    for path in version.rglob("*"):
        if path.is_file():
            _sync(path)
    _sync(version)
    handle, name = tempfile.mkstemp(dir=index_dir, prefix=f".{POINTER}.")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(version.name)
        file.flush()
        os.fsync(file.fileno())
    Path(name).chmod(0o644)
    Path(name).replace(index_dir / POINTER)
    _sync(index_dir)


def remove_unused_versions(index_dir: Path) -> None:
    """Remove versions that are neither current nor read, and the leftovers of a killed builder.

    Call it under the build lock.
    """
    current = (index_dir / POINTER).read_text(encoding="ascii").strip() if (index_dir / POINTER).exists() else ""
    for leftover in index_dir.glob(f".{POINTER}.*"):
        leftover.unlink()
    for folder in index_dir.glob(f"{_PREFIX}*"):
        if folder.name == current:
            continue
        try:
            # Open for writing: a network file system grants an exclusive lock on nothing less.
            with (folder / _IN_USE).open("r+b") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # Unlinked first, so that a reader who opened it a moment ago notices and retries.
                (folder / _IN_USE).unlink()
                shutil.rmtree(folder)
        except BlockingIOError:
            continue
        except FileNotFoundError:
            shutil.rmtree(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
