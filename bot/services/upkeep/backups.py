"""The state of this installation's backups: the files, the last good one, and failures since.

``techref backup`` records its result in files beside the backups: the result belongs to the folder, not to the
database, which a restored backup replaces.
"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.services.core.context import Context
from bot.services.core.errors import BackupOff
from bot.services.core.jobs import bring_forward
from bot.settings.support.support import Support
from bot.triage.text.time_format import format_age

# The name of the job.
NIGHTLY = "nightly backup"

OLD = timedelta(hours=26)
LAST_GOOD, LAST_FAILURE = "last_good.json", "last_failure.json"
MOST_WORDS = 500


@dataclass(frozen=True)
class Backup:
    """A backup in our own folder."""

    name: str
    at: datetime
    size: int


@dataclass(frozen=True)
class Standing:
    """``good_at``: the time of the last good backup, in any folder. ``failure``: the message of a later failure."""

    good_at: datetime | None
    good_file: str | None
    failed_at: datetime | None
    failure: str | None


def backups_folder(home: Path) -> Path:
    return home / "backups"


def new_file(home: Path, now: datetime) -> Path:
    return backups_folder(home) / f"techref-{now:%Y%m%d-%H%M%S}.tar.gz"


def list_backups(home: Path) -> list[Backup]:
    """Return the backups in our own folder, the newest first."""
    found = [(file.name, file.stat()) for file in backups_folder(home).glob("techref-*.tar.gz")]
    made = [Backup(name, datetime.fromtimestamp(about.st_mtime, UTC), about.st_size) for name, about in found]
    return sorted(made, key=lambda one: one.at, reverse=True)


def remove_old(home: Path, before: datetime) -> None:
    """Delete old backups, which hold data erased since; the newest stays, however old it is."""
    for one in list_backups(home)[1:]:
        if one.at < before:
            (backups_folder(home) / one.name).unlink()


def record_good(home: Path, file: Path, now: datetime) -> None:
    _write(backups_folder(home) / LAST_GOOD, {"at": now.isoformat(), "file": str(file)})


def record_failure(home: Path, words: str, now: datetime) -> None:
    _write(backups_folder(home) / LAST_FAILURE, {"at": now.isoformat(), "words": words[:MOST_WORDS]})


def backup_status(home: Path) -> Standing:
    """Return the state of the backups. A removed backup in our own folder no longer counts."""
    good, failure = _read(backups_folder(home) / LAST_GOOD), _read(backups_folder(home) / LAST_FAILURE)
    good_at = datetime.fromisoformat(good["at"]) if good else None
    file = Path(good["file"]) if good else None
    if file is None or (file.parent == backups_folder(home) and not file.exists()):
        newest = next(iter(list_backups(home)), None)
        good_at, file = (newest.at, backups_folder(home) / newest.name) if newest else (None, None)
    failed_at = datetime.fromisoformat(failure["at"]) if failure else None
    if failed_at is not None and (good_at is None or failed_at > good_at):
        return Standing(good_at, str(file) if file else None, failed_at, failure["words"])
    return Standing(good_at, str(file) if file else None, None, None)


def backup_trouble(home: Path, support: Support, now: datetime) -> str | None:
    """Describe a fault of the nightly backups, for supervisors; None when all is well or they are off."""
    if not support.backup.nightly:
        return None
    stands = backup_status(home)
    if stands.failure is not None:
        age = (
            f"The last good one is {format_age(now - stands.good_at)} old."
            if stands.good_at
            else "There is no good one yet."
        )
        return f"The last backup failed: {stands.failure.rstrip('.')}. {age} It is tried again every hour."
    if stands.good_at is not None and now - stands.good_at > OLD:
        return (
            f"The last good backup is {format_age(now - stands.good_at)} old: none was made last night. On the "
            "server, `techref doctor` says whether everything runs, and `techref backup` makes one at once."
        )
    return None


def next_time(support: Support, now: datetime) -> datetime:
    """Return when the nightly backup is due next, by the office's clock."""
    zone, at = support.office_hours.zone, support.backup.at
    today = now.astimezone(zone).date()
    # In UTC at once: on the night that skips the hour a local time would equal no moment at all.
    times = (datetime.combine(day, at, zone).astimezone(UTC) for day in (today, today + timedelta(days=1)))
    return next(time for time in times if time > now)


async def ask_for_one(ctx: Context) -> None:
    """Request a backup, which a gateway makes within seconds. Raises Conflict when the nightly backup is off."""
    if not ctx.support.backup.nightly:
        raise BackupOff(
            "The nightly backup is off (backup.nightly in support.yml); nothing was done. Run: techref backup",
        )
    await bring_forward(ctx, NIGHTLY)


def _write(file: Path, about: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    unfinished.write_text(json.dumps(about), encoding="utf-8")
    unfinished.replace(file)


def _read(file: Path) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}  # never backed up, or cut off by a power failure
    return read
