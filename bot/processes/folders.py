"""The paths of the process manager's logs, process ids and socket."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Folders:
    """``logs`` and ``run`` lie under TECHREF_LOCAL; ``socket`` is in a private temporary folder, because the
    name of a Unix socket may have only about a hundred characters."""

    logs: Path
    run: Path
    socket: Path

    @classmethod
    def under(cls, folder: Path) -> "Folders":
        """Create the missing folders. Raises OSError when ``folder`` cannot be written."""
        logs, run = folder / "logs", folder / "run"
        for made in (logs, run):
            made.mkdir(parents=True, exist_ok=True)
        return cls(logs, run, Path(tempfile.mkdtemp(prefix="techref-")) / "supervisor.sock")

    def log_of(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def pid_file_of(self, name: str) -> Path:
        return self.run / f"{name}.pid"

    @property
    def supervisor_configuration(self) -> Path:
        return self.run / "supervisord.conf"

    def discard_socket(self) -> None:
        shutil.rmtree(self.socket.parent, ignore_errors=True)
