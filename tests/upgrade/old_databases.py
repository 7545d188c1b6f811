"""Databases as they were at an older schema, with an office's data in them.

``rows/NNNN.sql`` holds what an office has gathered by migration NNNN beyond the earlier files. A file stays as it is
when the schema moves on: add the rows of a new table under the number of the migration that makes it.
``last_squashed`` holds the schema at the last of the migrations that the first one replaces.
"""

import asyncio
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import Connection, NullPool, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store import schema
from bot.store.database import async_url

HERE = Path(__file__).parent
ROWS = {file.stem: file for file in sorted((HERE / "rows").glob("*.sql"))}
TOKEN = "a token of 2026"
PASSWORD = "correct horse battery"
# The moment at which the present code finds them.
NOW = datetime(2026, 6, 17, 14, 0, tzinfo=UTC)
# What the schema's own tools keep.
NOT_OURS = {"alembic_version", "sqlite_sequence"}

Tables = dict[str, list[dict[str, Any]]]


def make(url: str, revision: str) -> None:
    """Bring an empty database to ``revision`` as the releases of its time did, adding each one's rows on the way."""
    if revision == schema.LAST_SQUASHED:
        _make_last_squashed(url)
        return
    for applied in schema.revisions():
        if applied <= revision:
            schema.upgrade(url, applied)
            _add_rows(url, number_of(applied))


def number_of(revision: str) -> str:
    """Return the NNNN of a revision NNNN_what."""
    return revision.partition("_")[0]


def _make_last_squashed(url: str) -> None:
    kind = "sqlite" if _sqlite_file(url) else "postgresql"
    run(url, (HERE / "last_squashed" / f"{kind}.sql").read_text(encoding="utf-8"))
    run(url, f"INSERT INTO {schema.VERSION_TABLE} VALUES ('{schema.LAST_SQUASHED}')")
    _add_rows(url, number_of(schema.revisions()[0]))


def _add_rows(url: str, number: str) -> None:
    if file := ROWS.get(number):
        run(url, file.read_text(encoding="utf-8"))


def run(url: str, script: str) -> None:
    """Plain SQL, through nothing of ours."""
    if file := _sqlite_file(url):
        with closing(sqlite3.connect(file)) as database:
            database.executescript(script)
    else:
        _on_postgresql(url, script)


def everything(url: str) -> Tables:
    """Every row of every table, read without our code."""
    if file := _sqlite_file(url):
        with closing(sqlite3.connect(file)) as database:
            database.row_factory = sqlite3.Row
            listed = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            names = sorted(row[0] for row in listed if row[0] not in NOT_OURS)
            return {name: in_order(database.execute(f'SELECT * FROM "{name}"')) for name in names}
    return _on_postgresql(url, None)


def column(url: str, query: str) -> list[Any]:
    """The first column of a query on PostgreSQL."""

    async def work() -> list[Any]:
        connection = await asyncpg.connect(url)
        try:
            return [row[0] for row in await connection.fetch(query)]
        finally:
            await connection.close()

    return asyncio.run(work())


def broken_references(url: str) -> list[Any]:
    """Rows that name a row that is not there. PostgreSQL never lets it come to that."""
    file = _sqlite_file(url)
    if not file:
        return []
    with closing(sqlite3.connect(file)) as database:
        return database.execute("PRAGMA foreign_key_check").fetchall()


def structure(url: str) -> dict[str, Any]:
    """Return each table's columns, keys and indexes by name, in no order.

    On SQLite foreign keys go without their names: one that was added with its column has none there.
    """

    async def work() -> dict[str, Any]:
        engine = create_async_engine(async_url(url), poolclass=NullPool)
        try:
            async with engine.connect() as connection:
                return await connection.run_sync(_structure)
        finally:
            await engine.dispose()

    return asyncio.run(work())


def _structure(connection: Connection) -> dict[str, Any]:
    found = inspect(connection)
    named = connection.dialect.name != "sqlite"

    def foreign_keys(table: str) -> list[dict[str, Any]]:
        return in_order({**key, "name": key["name"] if named else None} for key in found.get_foreign_keys(table))

    return {
        table: {
            "columns": {column["name"]: {**column, "type": str(column["type"])} for column in found.get_columns(table)},
            "primary key": found.get_pk_constraint(table),
            "foreign keys": foreign_keys(table),
            "unique": in_order(found.get_unique_constraints(table)),
            "indexes": in_order(found.get_indexes(table)),
        }
        for table in found.get_table_names()
    }


def empty(url: str) -> None:
    """Remove every table."""
    if file := _sqlite_file(url):
        Path(file).unlink()
    else:
        run(url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def _sqlite_file(url: str) -> str | None:
    parsed = make_url(url)
    return parsed.database if parsed.get_backend_name() == "sqlite" else None


def in_order(rows: Any) -> list[dict[str, Any]]:
    return sorted((dict(row) for row in rows), key=lambda row: json.dumps(row, default=str, sort_keys=True))


def _on_postgresql(url: str, script: str | None) -> Tables:
    """Run the script, or read everything."""

    async def work() -> Tables:
        connection = await asyncpg.connect(url, server_settings={"timezone": "UTC"})
        try:
            if script is not None:
                await connection.execute(script)
                return {}
            listed = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            names = sorted(row[0] for row in listed if row[0] not in NOT_OURS)
            return {name: in_order(await connection.fetch(f'SELECT * FROM "{name}"')) for name in names}
        finally:
            await connection.close()

    return asyncio.run(work())
