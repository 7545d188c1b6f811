"""The two virtual environments, and the stamp in each of its sources.

Standard library only: set-up reads this before anything is installed.
"""

import hashlib
import json
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from bot.installation.places import ROOT

STAMP = ".techref-stamp"


@dataclass(frozen=True)
class Environment:
    """A virtual environment, its lock files, and the arguments of Python that prove that it works."""

    folder: str
    title: str
    locks: tuple[str, ...]
    proof: tuple[str, ...]
    installs_project: bool = False

    @property
    def path(self) -> Path:
        return ROOT / self.folder

    @property
    def python(self) -> Path:
        return self.path / "bin" / "python"

    def place(self) -> str:
        """Return the Python and the folder it was made for: an environment cannot be moved or change its Python."""
        return f"{'.'.join(map(str, sys.version_info[:3]))} {self.path}"

    def contents(self) -> str:
        """Return a digest of the locks, and of the project file's installation part."""
        digest = hashlib.sha256()
        for name in self.locks:
            digest.update((ROOT / name).read_bytes())
        if self.installs_project:
            project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
            installed = [project["project"], project["build-system"], project["tool"]["setuptools"]]
            digest.update(json.dumps(installed).encode())
        return digest.hexdigest()

    def stamp(self) -> list[str]:
        """Return the lines of the environment's stamp, its place and contents; empty when there is none."""
        file = self.path / STAMP
        return file.read_text().splitlines() if self.python.exists() and file.exists() else []

    def is_in_place(self) -> bool:
        return self.stamp()[:1] == [self.place()]

    def is_ready(self) -> bool:
        return self.stamp() == [self.place(), self.contents()]

    def write_stamp(self, *lines: str) -> None:
        (self.path / STAMP).write_text("\n".join(lines) + "\n")


OURS = Environment(
    folder=".venv",
    title="our environment",
    locks=tuple(f"requirements/{name}.txt" for name in ("setup", "techref", "dev", "model")),
    proof=("-c", "import sanic, sqlalchemy, rasa_sdk, whoosh, onnxruntime, tokenizers, supervisor, bot.cli"),
    installs_project=True,
)
ENGINE = Environment(
    folder=".venv-rasa",
    title="the dialogue engine's environment",
    locks=("requirements/rasa.txt",),
    proof=("-m", "bot.engine", "--version"),
)
