"""Check for `techref doctor` that there is a good backup, and that a new one could be made."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

from sqlalchemy.engine import make_url

from bot.installation.finding import Finding
from bot.services.upkeep import backups
from bot.settings.env.settings import Settings
from bot.settings.problems import SettingsError
from bot.settings.support.load import load_support
from bot.triage.text.time_format import format_age

ABOUT = "backups"


def last_backup(settings: Settings) -> Iterator[Finding]:
    now, stands = datetime.now(UTC), backups.backup_status(settings.home)
    with suppress(SettingsError):  # the check of support.yml reports it
        support = load_support(settings.home)
        if trouble := backups.backup_trouble(settings.home, support, now):
            yield Finding(ABOUT, False, trouble, "Look at the reason, then run: techref backup")
        elif stands.good_at is not None:
            age = format_age(now - stands.good_at)
            yield Finding(ABOUT, True, f"the last good one is {age} old: {stands.good_file}")
        elif support.backup.nightly:
            yield Finding(ABOUT, None, f"there is none yet; the first is made at {support.backup.at:%H:%M}")
        if not support.backup.nightly:
            text = "no nightly backup is made: backup.nightly in support.yml is off"
            yield Finding(ABOUT, None, text, "Turn it on, or see to it that `techref backup` runs every night.")


def backup_tools(settings: Settings) -> Iterator[Finding]:
    if make_url(settings.database_url).get_backend_name() == "postgresql":
        missing = [program for program in ("pg_dump", "pg_restore") if shutil.which(program) is None]
        if missing:
            text, remedy = f"{' and '.join(missing)} not found", "Install PostgreSQL's client programs."
            yield Finding(ABOUT, False, text, remedy)
