"""Read the pins of the lock files in requirements/."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import Version

Pins = Mapping[str, tuple[Version, ...]]
REQUIREMENTS = Path(__file__).parents[2] / "requirements"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.M)


@dataclass(frozen=True)
class Environment:
    """One of the two environments and the locks that fill it."""

    name: str
    locks: tuple[str, ...]
    faces_the_internet: bool

    @property
    def files(self) -> list[Path]:
        return [REQUIREMENTS / f"{lock}.txt" for lock in self.locks]


# The tests and tools of dev.txt are installed beside ours, so they follow the same rule.
OURS = Environment("ours", ("setup", "techref", "dev", "model"), faces_the_internet=True)
ENGINE = Environment("rasa", ("rasa",), faces_the_internet=False)
ENVIRONMENTS = (OURS, ENGINE)


def pinned(files: Sequence[Path]) -> Pins:
    """Return package -> its locked versions, names in their canonical spelling, versions in ascending order.

    A universal lock pins a package once for each range of Python versions that needs another release.
    """
    pins: dict[str, set[Version]] = {}
    for file in files:
        for name, version in _PIN.findall(file.read_text(encoding="utf-8")):
            pins.setdefault(canonicalize_name(name), set()).add(Version(version))
    return {name: tuple(sorted(versions)) for name, versions in pins.items()}
