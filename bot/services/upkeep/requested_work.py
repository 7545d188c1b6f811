"""Long work that is requested at the desk: training the dialogue model, indexing the manual.

A request and its outcome are files in TECHREF_HOME/run, so that a gateway that restarts begins a request again. A
process of its own does the work (bot/gateway/workers); what it printed is kept until the next one ends.
"""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.services.core.context import Context
from bot.services.core.errors import WorkUnderWay

MOST_LINES = 60
LONGEST_LINE = 300


class Work(StrEnum):
    """A kind of work that can be requested."""

    TRAINING = "training"
    INDEXING = "indexing"


BUSY = {
    Work.TRAINING: "The assistant is being trained already; nothing was begun anew. This page shows when it is done.",
    Work.INDEXING: "The manual is being indexed already; nothing was begun anew. This page shows when it is done.",
}


@dataclass(frozen=True)
class Request:
    """A request that is not done yet. ``began_at``: when a gateway began it. ``options``: of the command."""

    asked_at: datetime
    began_at: datetime | None
    options: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """The end of the last one. ``said``: the lines that its command printed."""

    at: datetime
    seconds: int
    succeeded: bool
    said: tuple[str, ...]


def request_work(ctx: Context, work: Work, *options: str) -> None:
    """Request the work; a gateway begins it within seconds. Raises WorkUnderWay when it was requested already."""
    file = _file(ctx.home, work, "requested")
    file.parent.mkdir(parents=True, exist_ok=True)
    asked = _dump({"asked_at": ctx.clock().isoformat(), "began_at": None, "options": options})
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(asked)
    except FileExistsError:
        raise WorkUnderWay(BUSY[work]) from None


def pending_request(home: Path, work: Work) -> Request | None:
    """Return the request that waits or is being done; None without one."""
    found = _read(_file(home, work, "requested"))
    if found is None:
        return None
    began = found["began_at"]
    return Request(
        datetime.fromisoformat(found["asked_at"]),
        datetime.fromisoformat(began) if began else None,
        tuple(found["options"]),
    )


def begin_request(ctx: Context, work: Work, request: Request) -> None:
    """Record that a gateway does the work from now on."""
    content = {
        "asked_at": request.asked_at.isoformat(),
        "began_at": ctx.clock().isoformat(),
        "options": request.options,
    }
    _replace(_file(ctx.home, work, "requested"), content)


def end_request(ctx: Context, work: Work, outcome: Outcome) -> None:
    """Record the outcome, and clear the request."""
    shown = [line[:LONGEST_LINE] for line in outcome.said[-MOST_LINES:]]
    content = {
        "at": outcome.at.isoformat(),
        "seconds": outcome.seconds,
        "succeeded": outcome.succeeded,
        "said": shown,
    }
    _replace(_file(ctx.home, work, "outcome"), content)
    _file(ctx.home, work, "requested").unlink(missing_ok=True)


def last_outcome(home: Path, work: Work) -> Outcome | None:
    """Return how the last one ended; None when none was ever requested."""
    found = _read(_file(home, work, "outcome"))
    if found is None:
        return None
    at, said = datetime.fromisoformat(found["at"]), tuple(found["said"])
    return Outcome(at, found["seconds"], found["succeeded"], said)


def work_view(ctx: Context, work: Work) -> dict[str, Any]:
    """Return the state for a page: ``waiting``, ``running``, the seconds since it began, and the last outcome."""
    request, last = pending_request(ctx.home, work), last_outcome(ctx.home, work)
    began = request.began_at if request else None
    return {
        "waiting": request is not None and began is None,
        "running": began is not None,
        "seconds": max(0, round((ctx.clock() - began).total_seconds())) if began else 0,
        "usual_seconds": last.seconds if last and last.succeeded else None,
        "last": {
            "at": last.at.isoformat(),
            "seconds": last.seconds,
            "succeeded": last.succeeded,
            "said": list(last.said),
        }
        if last
        else None,
    }


def _file(home: Path, work: Work, what: str) -> Path:
    return home / "run" / f"{work}.{what}.json"


def _replace(file: Path, content: dict[str, Any]) -> None:
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    unfinished.write_text(_dump(content), encoding="utf-8")
    unfinished.replace(file)


def _dump(content: dict[str, Any]) -> str:
    return json.dumps(content)


def _read(file: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        file.unlink(missing_ok=True)  # cut off by a power failure
        return None
    return found
