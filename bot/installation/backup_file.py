"""The format of a backup file, and PostgreSQL's own tools, for backup and restore."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.engine import URL

from bot.settings.support.products import PRODUCTS

MADE_AGAIN = {"index", "models", "embedding", "cache", "logs", "run", "backups"}
MANIFEST, FILES = "manifest.json", "home"
SQLITE_COPY, POSTGRES_COPY = "database.sqlite", "database.pgdump"
FORMAT = 1

Progress = Callable[[str], None]


class BackupFailed(Exception):
    """The message says what happened, what was kept, and what to do."""


def is_made_again(inside: Path) -> bool:
    """Return whether a file of a home, by its path in it, is made from others; each of several products has such."""
    product, *rest = inside.parts
    return product in MADE_AGAIN or (product == PRODUCTS and len(rest) > 1 and rest[1] in MADE_AGAIN)


def sha256_of_file(file: Path) -> str:
    """Return the SHA-256 of a file, which is never in memory as a whole."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def require_postgres_tool(program: str) -> None:
    """Raise BackupFailed unless one of PostgreSQL's tools is installed."""
    if shutil.which(program) is None:
        raise BackupFailed(f"{program} was not found; nothing was changed. Install PostgreSQL's client programs.")


def _without_password(url: URL) -> str:
    """Return the address for PostgreSQL's tools; ``set(password=None)`` would write the password as stars."""
    return URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query).render_as_string()


def run_postgres_tool(program: str, url: URL, *arguments: str) -> None:
    """Run PostgreSQL's own tool; the password goes by the environment, where other users cannot read it:
    https://www.postgresql.org/docs/current/libpq-envars.html
    """
    require_postgres_tool(program)
    address = _without_password(url)
    environ = {**os.environ, **({"PGPASSWORD": url.password} if url.password else {})}
    ended = subprocess.run(
        [program, *arguments[:-1], "--dbname", address, arguments[-1]] if program == "pg_restore"
        else [program, *arguments, "--dbname", address],
        env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if ended.returncode:
        raise BackupFailed(f"{program} ended with status {ended.returncode}: {ended.stderr.strip()[-500:]}")
