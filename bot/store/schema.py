"""The schema's version: bring a database up to date, or refuse to run on one that is behind.

Alembic, some 14 MB, is imported by whoever upgrades; gateway and action server, which only check, do without.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, inspect, pool
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store import inline_sqlite
from bot.store.database import BUSY_TIMEOUT_MS, async_url

Result = TypeVar("Result")
MIGRATIONS = Path(__file__).parent / "migrations"
# Where Alembic writes down which revision the database is at.
VERSION_TABLE = "alembic_version"
# Migrations that were squashed into the first one before the first release. A database at the last of them has the
# tables of the first one already.
SQUASHED = tuple(f"{number:04}" for number in range(1, 20))
LAST_SQUASHED = SQUASHED[-1]
# The number under which PostgreSQL knows that somebody migrates; any will do that nobody else uses.
MIGRATING = 8_483_920_179
# Where our tables are on PostgreSQL.
PUBLIC = "public"


class SchemaMismatch(Exception):
    """The database has another schema than this program needs. The message says what to do."""


class SchemaBehind(SchemaMismatch):
    """The database is empty, or an older version of the program was the last to bring it up to date."""

    def __init__(self, found: str | None, needed: str) -> None:
        super().__init__(
            f"The database's schema is {found or 'empty'}, this program needs {needed}. Nothing was changed. "
            "Run: techref migrate"
        )


class SchemaAhead(SchemaMismatch):
    """A newer version of the program has brought the database up to date; there is no way back but a backup."""

    def __init__(self, found: str, needed: str) -> None:
        super().__init__(
            f"The database's schema is {found}, which this version of TechRef (schema {needed}) does not know. "
            "Nothing was changed. Start the newer version again, or go back to the backup from before the upgrade: "
            "techref restore FILE --replace"
        )


class SchemaTooOld(SchemaMismatch):
    """The database stands at a development schema whose migrations this program no longer has."""

    def __init__(self, found: str) -> None:
        super().__init__(
            f"The database's schema is {found}, older than the oldest that this version of TechRef can upgrade "
            f"({LAST_SQUASHED}). Nothing was changed. Start the last version 0.1.0 once: it brings the database to "
            f"{LAST_SQUASHED}. Then start this version again."
        )


class UpgradeFailed(Exception):
    """A migration could not be done; the database is as it was."""

    def __init__(self, error: SQLAlchemyError) -> None:
        super().__init__(
            f"The database could not be brought up to date and is as it was before: {error}. "
            "Go on with the version you had, and report this message."
        )


def upgrade(url: str, to: str = "head") -> None:
    """Bring the database at ``url`` to the newest schema, or to an older one; does nothing when it is there already.

    All or nothing: raises UpgradeFailed with the database as it was. Raises SchemaAhead for a newer one and
    SchemaTooOld for one from which no migration leads here.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    found = current(url)
    check_known(found)
    if found == newest() and to in ("head", found):
        return
    try:
        _on_connection(url, partial(_upgrade, to=to))
    except SQLAlchemyError as error:
        raise UpgradeFailed(error) from error


def check(url: str) -> None:
    """Raise a SchemaMismatch unless the database has exactly the schema of this program."""
    found, needed = current(url), newest()
    check_known(found)
    if found != needed:
        raise SchemaBehind(found, needed)


def current(url: str) -> str | None:
    """Return the revision the database is at; None when it holds nothing of ours."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists():
        return None
    return _on_connection(url, _revision)


def revisions() -> list[str]:
    """Return every revision of this program, the oldest first. A revision is named as its file, NNNN_what."""
    return sorted(script.stem for script in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def newest() -> str:
    """Return the revision that this program needs."""
    return revisions()[-1]


def check_known(revision: str | None) -> None:
    """Raise SchemaAhead or SchemaTooOld for a revision from which this program cannot go on."""
    if revision is None or revision == LAST_SQUASHED or revision in revisions():
        return
    if revision in SQUASHED:
        raise SchemaTooOld(revision)
    raise SchemaAhead(revision, newest())


def put_aside(url: str, name: str) -> None:
    """On PostgreSQL, keep all tables under another schema's name and leave an empty place for those of a backup."""
    _on_connection(url, partial(_execute, [f"ALTER SCHEMA {PUBLIC} RENAME TO {name}", f"CREATE SCHEMA {PUBLIC}"]))


def take_back(url: str, name: str) -> None:
    """Undo ``put_aside``; the place it left must still be empty."""
    _on_connection(url, partial(_execute, [f"DROP SCHEMA {PUBLIC}", f"ALTER SCHEMA {name} RENAME TO {PUBLIC}"]))


def _execute(statements: list[str], connection: Connection) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)


def _upgrade(connection: Connection, to: str) -> None:
    from alembic import command
    from alembic.config import Config

    _take_alone(connection)
    if _revision(connection) == LAST_SQUASHED:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '{revisions()[0]}'")  # noqa: S608
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _take_alone(connection: Connection) -> None:
    """Nobody else migrates meanwhile, and on SQLite too all of it is one transaction."""
    if connection.dialect.name == "sqlite":
        deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
        inline_sqlite.begin_immediate(connection, deadline, BUSY_TIMEOUT_MS)
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATING})")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    revision: str | None = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar()  # noqa: S608
    return revision


def _on_connection(url: str, work: Callable[[Connection], Result]) -> Result:
    """Run Alembic's blocking code over the asyncio drivers, so that no second driver is needed.

    The thread is there because a caller may already be inside a running loop.
    """

    async def run() -> Result:
        engine = create_async_engine(async_url(url), poolclass=pool.NullPool, hide_parameters=True)
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(work)
        finally:
            await engine.dispose()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(run())).result()
