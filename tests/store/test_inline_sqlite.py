"""SQLite on the event loop: what waits for others lets the loop go on, and errors are SQLAlchemy's own."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.store import database
from bot.store.database import Database


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/one.db")
    async with opened.write() as session:
        await session.execute(text("CREATE TABLE words (word TEXT)"))
    yield opened
    await opened.close()


def lock(db: Database) -> sqlite3.Connection:
    """Another process that writes."""
    other = sqlite3.connect(db.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


async def write(db: Database, word: str) -> None:
    async with db.write() as session:
        await session.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})


async def words(db: Database, *, long: bool = False) -> list[str]:
    async with db.read(long=long) as session:
        return list(await session.scalars(text("SELECT word FROM words ORDER BY rowid")))


async def test_a_lock_of_another_process_is_waited_for_while_the_loop_goes_on(db: Database) -> None:
    other = lock(db)
    writing = asyncio.create_task(write(db, "late"))
    for _ in range(20):
        await asyncio.sleep(0.005)
    assert not writing.done()
    assert await words(db) == []
    other.execute("COMMIT")
    other.close()
    await asyncio.wait_for(writing, 5)
    assert await words(db) == ["late"]


async def test_a_lock_that_is_held_too_long_is_an_error_that_everybody_knows(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)
    other = lock(db)
    with pytest.raises(OperationalError):
        await write(db, "never")
    other.close()
    await write(db, "then")
    assert await words(db) == ["then"]


async def test_writers_that_wait_behind_each_other_all_give_up_after_one_timeout(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 500)
    other = lock(db)
    began = time.monotonic()
    ended = await asyncio.gather(*(write(db, str(number)) for number in range(20)), return_exceptions=True)
    other.close()
    assert [type(one) for one in ended] == [OperationalError] * 20
    assert time.monotonic() - began < 2 * 0.5, "one after the other it would be ten seconds"
    await write(db, "then")
    assert await words(db) == ["then"]


async def test_writers_that_wait_for_each_other_alone_do_not_give_up(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 20)

    async def write_slowly(word: str) -> None:
        async with db.write() as session:
            await session.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})
            await asyncio.sleep(0.05)

    await asyncio.gather(*(write_slowly(str(number)) for number in range(4)))
    assert await words(db) == ["0", "1", "2", "3"]


async def test_a_commit_does_not_wait_for_what_is_slow_in_the_default_pool(db: Database) -> None:
    release = threading.Event()
    loop = asyncio.get_running_loop()
    most_threads = 64
    slow = [loop.run_in_executor(None, release.wait, 30) for _ in range(most_threads)]
    try:
        await asyncio.wait_for(write(db, "at once"), 5)
    finally:
        release.set()
        await asyncio.gather(*slow)
    assert await words(db) == ["at once"]


async def test_a_write_that_is_cancelled_leaves_a_connection_that_works(db: Database) -> None:
    for number in range(20):
        writing = asyncio.create_task(write(db, str(number)))
        await asyncio.sleep(0.0005 * number)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    await write(db, "last")
    kept = await words(db)
    assert kept[-1] == "last"
    assert len(kept) == len(set(kept))


async def test_what_fails_is_rolled_back(db: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with db.write() as session:
            await session.execute(text("INSERT INTO words VALUES ('half')"))
            raise ZeroDivisionError
    assert await words(db) == []


async def test_a_long_read_sees_what_was_written(db: Database) -> None:
    await write(db, "here")
    assert await words(db, long=True) == ["here"]
