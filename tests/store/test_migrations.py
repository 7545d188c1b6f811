"""The migrations lead to exactly the tables that the program uses, on every database it runs on."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store import schema
from bot.store.database import async_url
from bot.store.tables import Base


async def differences(url: str) -> list[object]:
    def compare(connection: Connection) -> list[object]:
        found: list[object] = compare_metadata(MigrationContext.configure(connection), Base.metadata)
        return found

    engine = create_async_engine(async_url(url))
    async with engine.connect() as connection:
        found = await connection.run_sync(compare)
    await engine.dispose()
    return found


async def test_migrations_and_tables_say_the_same(database_url: str) -> None:
    assert await differences(database_url) == []


async def test_a_difference_would_be_seen(tmp_path: Path, migrated: Path) -> None:
    file = shutil.copy(migrated, tmp_path / "techref.db")
    with sqlite3.connect(file) as database:
        database.execute("ALTER TABLE notes ADD COLUMN mood TEXT")
    database.close()
    assert await differences(f"sqlite:///{file}")


def test_a_database_that_is_behind_is_refused_with_the_command_to_run(tmp_path: Path) -> None:
    with pytest.raises(schema.SchemaBehind, match="techref migrate"):
        schema.check(f"sqlite:///{tmp_path / 'none.db'}")


def test_each_file_is_named_as_its_revision_and_numbered_in_their_order() -> None:
    scripts = ScriptDirectory(str(schema.MIGRATIONS))
    assert schema.revisions() == [script.revision for script in scripts.walk_revisions()][::-1]
    numbers = [int(revision.partition("_")[0]) for revision in schema.revisions()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_revision_fits_where_alembic_keeps_it() -> None:
    assert max(len(revision) for revision in schema.revisions()) <= 32
    assert not set(schema.revisions()) & set(schema.SQUASHED)
