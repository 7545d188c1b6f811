"""The migrations lead to exactly the program's tables on PostgreSQL too."""

import asyncio
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store.database import async_url
from bot.store.tables import Base


def test_migrations_and_tables_say_the_same(database_url: str) -> None:
    def compare(connection: Connection) -> list[Any]:
        found: list[Any] = compare_metadata(MigrationContext.configure(connection), Base.metadata)
        return found

    async def run() -> list[Any]:
        engine = create_async_engine(async_url(database_url))
        async with engine.connect() as connection:
            found = await connection.run_sync(compare)
        await engine.dispose()
        return found

    assert asyncio.run(run()) == []
