"""Print the log files of the processes, each line under its process's name and colour."""

import os
from pathlib import Path
from typing import BinaryIO

from rich.console import Console
from rich.text import Text

# A process that writes without end must not block the launcher.
BYTES_AT_ONCE = 256_000


class LogFollower:
    """Follows one file from its present end, across rotation by renaming."""

    def __init__(self, path: Path, name: str, colour: str, width: int) -> None:
        self._path = path
        self._prefix = Text(f"{name:<{width}} │ ", style=colour)
        self._file: BinaryIO | None = None
        self._unfinished = b""
        self._skip = path.stat().st_size if path.exists() else 0

    def show_new_lines(self, console: Console) -> None:
        for line in self._new_lines():
            console.print(self._prefix + Text.from_ansi(line), soft_wrap=True)

    def _new_lines(self) -> list[str]:
        lines = self._read()
        if self._has_been_rotated():
            self.close()
            lines += self._read()
        return lines

    def _read(self) -> list[str]:
        if self._file is None:
            if not self._path.exists():
                return []
            self._file = self._path.open("rb")
            self._file.seek(self._skip)
            self._skip = 0
        *whole, self._unfinished = (self._unfinished + self._file.read(BYTES_AT_ONCE)).split(b"\n")
        return [line.decode("utf-8", "replace") for line in whole]

    def _has_been_rotated(self) -> bool:
        if self._file is None or not self._path.exists():
            return False
        opened = self._file.fileno()
        return self._path.stat().st_ino != os.fstat(opened).st_ino

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
