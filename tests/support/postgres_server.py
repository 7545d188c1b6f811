"""The real PostgreSQL, where one answers: databases of random names, for as long as a block runs."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import pytest

SERVER = "postgresql://postgres@127.0.0.1:5432"


TRIES = 4


def run_on_server(*statements: str) -> None:
    async def run() -> None:
        connection = await _connect()
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())


async def _connect() -> asyncpg.Connection:
    """A server that is there may refuse a connection for a moment (its shared memory, too many others)."""
    for _ in range(TRIES - 1):
        try:
            return await asyncpg.connect(f"{SERVER}/postgres", timeout=5)
        except asyncpg.PostgresError:
            await asyncio.sleep(1)
    return await asyncpg.connect(f"{SERVER}/postgres", timeout=5)


@contextmanager
def temporary_database(template: str = "template1") -> Iterator[str]:
    """Its URL. Where no server answers the test is skipped, and says so."""
    name = f"techref_test_{secrets.token_hex(6)}"
    try:
        run_on_server(f"CREATE DATABASE {name} TEMPLATE {template}")
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        pytest.skip(f"POSTGRESQL WAS NOT TESTED: none answers at 127.0.0.1:5432 ({type(error).__name__})")
    try:
        yield f"{SERVER}/{name}"
    finally:
        run_on_server(f"DROP DATABASE {name} WITH (FORCE)")
