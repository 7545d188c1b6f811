"""Query advisories besides the curated list: pip-audit's service, and a clone of PyPA's database."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import Version
from ruamel.yaml import YAML

from tools.audit.locks import Pins

SECONDS_TO_ANSWER = 300


@dataclass(frozen=True)
class Advisory:
    """One advisory that concerns a locked version of a package."""

    package: str
    ids: frozenset[str]
    what: str


@dataclass(frozen=True)
class Answer:
    """The result of one source. ``packages`` is the number it knows; 0 means that it did not answer."""

    source: str
    packages: int
    found: tuple[Advisory, ...]
    silence: str = ""


def ask_pip_audit(locks: Sequence[Path]) -> Answer:
    """Return the advisories of the package index, through pip-audit. Never raises: a failed source says why."""
    options = ["--disable-pip", "--require-hashes", "--format=json", "--progress-spinner=off"]
    files = [option for lock in locks for option in ("--requirement", str(lock))]
    try:
        run = subprocess.run(
            [sys.executable, "-m", "pip_audit", *options, *files],
            capture_output=True,
            text=True,
            timeout=SECONDS_TO_ANSWER,
            check=False,
        )
        dependencies = json.loads(run.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return Answer("pip-audit", 0, (), f"no answer within {SECONDS_TO_ANSWER} s")
    except (json.JSONDecodeError, KeyError, TypeError):
        return Answer("pip-audit", 0, (), (run.stderr.strip().splitlines() or ["no output"])[-1][:200])
    return read_pip_audit(dependencies)


def read_pip_audit(dependencies: Sequence[Mapping[str, Any]]) -> Answer:
    """Parse pip-audit's JSON: packages that its service does not know are skipped there, not cleared."""
    known = [one for one in dependencies if "vulns" in one]
    found = (
        Advisory(
            canonicalize_name(one["name"]),
            frozenset((vulnerability["id"], *vulnerability.get("aliases", ()))),
            vulnerability.get("description", ""),
        )
        for one in known
        for vulnerability in one["vulns"]
    )
    silence = "" if known else "the package index answers no questions about advisories"
    return Answer("pip-audit, today", len(known), tuple(found), silence)


def read_database(folder: Path, pins: Pins) -> Answer:
    """Return the advisories of a clone of PyPA's database. Raises ValueError when ``folder`` is none."""
    vulnerabilities = folder / "vulns"
    if not vulnerabilities.is_dir():
        raise ValueError(f"{folder} is no clone of PyPA's advisory database: it has no folder vulns")
    yaml, found = YAML(typ="safe"), []
    named = {canonicalize_name(one.name): one for one in vulnerabilities.iterdir() if one.is_dir()}
    for package, versions in pins.items():
        folder_of_package = named.get(canonicalize_name(package))
        for file in sorted(folder_of_package.glob("*.yaml")) if folder_of_package else ():
            record = yaml.load(file)
            if "withdrawn" not in record and any(_concerns(one, pin) for one in record["affected"] for pin in versions):
                ids = frozenset((record["id"], *record.get("aliases", ())))
                found.append(Advisory(package, ids, record.get("summary") or record["details"]))
    age = max(_modified(vulnerabilities), default="an unknown day")
    return Answer(f"PyPA's advisory database, of {age}", len(pins), tuple(found))


def _concerns(affected: Mapping[str, Any], version: Version) -> bool:
    listed = str(version) in map(str, affected.get("versions", ()))
    return listed or any(
        _in_range(one["events"], version) for one in affected.get("ranges", ()) if one["type"] != "GIT"
    )


def _in_range(events: Sequence[Mapping[str, str]], version: Version) -> bool:
    """Return True when the version is affected.

    Events come in order: introduced opens, fixed and last_affected close:
    https://ossf.github.io/osv-schema/#affectedrangesevents-fields
    """
    inside = False
    for kind, bound in ((kind, str(bound)) for event in events for kind, bound in event.items()):
        match kind:
            case "introduced":
                inside = inside or bound == "0" or version >= Version(bound)
            case "fixed":
                inside = inside and version < Version(bound)
            case "last_affected":
                inside = inside and version <= Version(bound)
    return inside


def _modified(vulnerabilities: Path) -> Iterator[str]:
    """Yield the day of each record's last change; the newest is the age of the clone."""
    for file in vulnerabilities.glob("*/*.yaml"):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("modified:"):
                yield line.split(":", 1)[1].strip(" \"'")[:10]
                break
