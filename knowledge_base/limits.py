"""The limits of confidence of an index version, by the kind of evidence."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

Kind = Literal["sentences", "sections", "words"]

_FILE = "limits.json"
# What a manual of which nothing is known gets, and how far its own limits may lie from that: questions of its own trade
# among the foreign ones, or a manual of three pages, would lead further astray.
USUAL: Mapping[Kind, float] = {"sentences": 0.8, "sections": 0.58, "words": 0.8}
LEAST: Mapping[Kind, float] = {"sentences": 0.7, "sections": 0.5, "words": 0.8}
MOST: Mapping[Kind, float] = {"sentences": 0.92, "sections": 0.75, "words": 1.2}


def bounded(kind: Kind, limit: float) -> float:
    """Return the limit, no further from the usual one than is safe."""
    return round(min(MOST[kind], max(LEAST[kind], limit)), 4)


def write(limits: Mapping[Kind, float], version: Path) -> None:
    """Write the limits of a version."""
    (version / _FILE).write_text(json.dumps({**USUAL, **limits}), encoding="utf-8")


def read_limits(version: Path) -> Mapping[str, float]:
    """Return the limits of a version; the usual ones while they are being set."""
    try:
        limits: dict[str, float] = json.loads((version / _FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {str(kind): limit for kind, limit in USUAL.items()}
    return limits
