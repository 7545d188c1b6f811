"""The PostgreSQL server of the machine: databases of random names, for as long as a block runs."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import asyncpg

SERVER = "postgresql://postgres@127.0.0.1:5432"
TRIES = 4
# Every row goes, whatever refers to it, and every sequence begins at one again, as in a database just made.
EMPTY = """
DO $$
DECLARE one record;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP EXECUTE format('DELETE FROM %I', one.name); END LOOP;
    FOR one IN SELECT sequencename AS name FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
    LOOP PERFORM setval(quote_ident(one.name)::regclass, 1, false); END LOOP;
END $$
"""
END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class NoServer(Exception):
    """No PostgreSQL answers; the message says where one was looked for, and what came of it."""


def run_on_server(*statements: str, database: str = "postgres") -> None:
    """Run statements one by one, each in a transaction of its own. Raise NoServer where none answers."""

    async def run() -> None:
        connection = await _connect(database)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())


def empty(url: str) -> None:
    """Delete every row of a migrated database, ending what is still connected to it."""
    name = urlsplit(url).path.removeprefix("/")
    others = (
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
    )
    run_on_server(others, EMPTY, database=name)


async def _connect(database: str) -> asyncpg.Connection:
    """A server that is there may refuse a connection for a moment (its shared memory, too many others)."""
    for attempt in range(1, TRIES + 1):
        try:
            return await asyncpg.connect(f"{SERVER}/{database}", timeout=5)
        except (OSError, TimeoutError) as error:
            raise NoServer(f"No PostgreSQL answers at 127.0.0.1:5432 ({type(error).__name__})") from error
        except asyncpg.PostgresError:
            if attempt == TRIES:
                raise
            await asyncio.sleep(1)
    raise AssertionError


@contextmanager
def temporary_database(template: str = "/template1") -> Iterator[str]:
    """The URL of a new database, a copy of that at ``template``. Raise NoServer where no server answers."""
    name, of = f"techref_test_{secrets.token_hex(6)}", urlsplit(template).path.removeprefix("/")
    run_on_server(f"CREATE DATABASE {name} TEMPLATE {of}")
    try:
        yield f"{SERVER}/{name}"
    finally:
        run_on_server(f"DROP DATABASE {name} WITH (FORCE)")
