"""Read the curated list requirements/known-advisories.toml."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from tools.audit.locks import REQUIREMENTS

LIST = REQUIREMENTS / "known-advisories.toml"


@dataclass(frozen=True)
class Known:
    """An advisory that affects, or affected, a package of ours."""

    package: str
    id: str
    also: tuple[str, ...]
    affected: tuple[SpecifierSet, ...]  # one for each line of releases
    what: str
    closed: str  # the reason that excludes affected versions; empty when they are installed
    unreachable: str  # why an affected version cannot be reached; empty when it is excluded

    @property
    def ids(self) -> frozenset[str]:
        return frozenset((self.id, *self.also))

    def concerns(self, version: Version) -> bool:
        return any(one.contains(version, prereleases=True) for one in self.affected)


@dataclass(frozen=True)
class KnownList:
    """The list, and the days it covers.

    The records about all locked packages were reviewed up to ``looked_up_to``, those of high and critical severity
    up to ``high_up_to``. Later ones were searched for on ``searched_on``, for the packages ``searched``; a search can
    miss one.
    """

    looked_up_to: date
    high_up_to: date
    searched_on: date
    searched: frozenset[str]
    advisories: tuple[Known, ...]

    def reach(self, packages: Collection[str]) -> str:
        """Return the coverage of the list for ``packages``, for the last lines of an audit."""
        searched = len(self.searched.intersection(packages))
        return (
            f"complete to {self.looked_up_to} (high and critical to {self.high_up_to}), "
            f"{searched} of the packages searched for on {self.searched_on}"
        )


def read(path: Path = LIST) -> KnownList:
    """Read the list. Raises ValueError when an entry says neither or both of closed and unreachable."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return KnownList(
        looked_up_to=content["looked_up_to"],
        high_up_to=content["high_up_to"],
        searched_on=content["searched"]["day"],
        searched=frozenset(map(canonicalize_name, content["searched"]["packages"])),
        advisories=tuple(_read_one(entry) for entry in content["advisory"]),
    )


def _read_one(entry: Mapping[str, object]) -> Known:
    match entry:
        case {"package": str(package), "id": str(id_), "affected": list(affected), "what": str(what)}:
            closed, unreachable = str(entry.get("closed", "")), str(entry.get("unreachable", ""))
            also = entry.get("also", [])
            if bool(closed) == bool(unreachable) or not isinstance(also, list):
                raise ValueError(f"{id_} of {package}: say either what closed it or why it is unreachable")
            return Known(
                package=canonicalize_name(package),
                id=id_,
                also=tuple(map(str, also)),
                affected=tuple(SpecifierSet(str(one)) for one in affected),
                what=what,
                closed=closed,
                unreachable=unreachable,
            )
    raise ValueError(f"an advisory needs package, id, affected and what: {dict(entry)}")
