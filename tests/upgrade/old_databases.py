"""Databases as they were at an older schema, with an office's data in them.

``rows/NNNN.sql`` holds what an office has gathered by schema NNNN beyond the earlier files. A file stays as it is when
the schema moves on: whoever adds a table adds the rows it would hold under the number of their migration.
"""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url

from bot.store import schema

ROWS = {file.stem: file for file in sorted((Path(__file__).parent / "rows").glob("*.sql"))}
TOKEN = "a token of 2026"
PASSWORD = "correct horse battery"
# What the schema's own tools keep.
NOT_OURS = {"alembic_version", "sqlite_sequence"}

Tables = dict[str, list[dict[str, Any]]]


def make(url: str, revision: str) -> None:
    """Bring an empty database to ``revision`` as the releases of its time did, adding each one's rows on the way."""
    for number, file in ROWS.items():
        if number <= revision:
            schema.upgrade(url, number)
            run(url, file.read_text(encoding="utf-8"))
    schema.upgrade(url, revision)


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
