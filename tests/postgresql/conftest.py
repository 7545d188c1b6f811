"""The same services on a real PostgreSQL, where one answers: a database of a random name for each test."""

import asyncio
import secrets
from collections.abc import Iterator

import asyncpg
import pytest

from bot.store import schema
from tests.services.conftest import anna, ben, clock, ctx, customer

__all__ = ["anna", "ben", "clock", "ctx", "customer"]

SERVER = "postgresql://postgres@127.0.0.1:5432"


def on_the_server(*statements: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(f"{SERVER}/postgres", timeout=5)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())


@pytest.fixture(scope="session")
def template() -> Iterator[str]:
    """A migrated database that the tests' own are copied from."""
    name = f"techref_test_{secrets.token_hex(6)}"
    try:
        on_the_server(f"CREATE DATABASE {name}")
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        pytest.skip(f"POSTGRESQL WAS NOT TESTED: none answers at 127.0.0.1:5432 ({type(error).__name__})")
    try:
        schema.upgrade(f"{SERVER}/{name}")
        yield name
    finally:
        on_the_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(template: str) -> Iterator[str]:
    name = f"techref_test_{secrets.token_hex(6)}"
    on_the_server(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield f"{SERVER}/{name}"
    finally:
        on_the_server(f"DROP DATABASE {name} WITH (FORCE)")
