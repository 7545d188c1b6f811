"""The schema's version: bring a database up to date, or refuse to run on one that is behind."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, pool
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store.database import async_url

Result = TypeVar("Result")
MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaBehind(Exception):
    """The database has another schema than this program needs."""

    def __init__(self, found: str | None, needed: str | None) -> None:
        super().__init__(
            f"The database's schema is {found or 'empty'}, this program needs {needed}. Nothing was changed. "
            "Run: techref migrate"
        )


def upgrade(url: str) -> None:
    """Bring the database at ``url`` to the newest schema; does nothing when it is there already."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    _on_connection(url, _upgrade)


def check(url: str) -> None:
    """Raise SchemaBehind unless the database has exactly the schema of this program."""
    found, needed = current(url), newest()
    if found != needed:
        raise SchemaBehind(found, needed)


def current(url: str) -> str | None:
    """The revision the database is at; None when it holds nothing of ours."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists():
        return None
    return _on_connection(url, _revision)


def newest() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _on_connection(url: str, work: Callable[[Connection], Result]) -> Result:
    """Run Alembic's blocking code over the asyncio drivers, so that no second driver is needed.

    The thread is there because a caller may already be inside a running loop.
    """

    async def run() -> Result:
        engine = create_async_engine(async_url(url), poolclass=pool.NullPool)
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(work)
        finally:
            await engine.dispose()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(run())).result()
