"""SQLite for asyncio without a thread per connection: a statement runs where it is called.

A statement of ours on SQLite takes some ten microseconds; handing it to a thread and waiting for the answer costs ten
times that, four times per statement. What really waits is done elsewhere: the flush to disk of a commit in a thread,
the lock of another process by asking again (``begin_immediate``). Long reads belong to ``Database.read(long=True)``.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from sqlalchemy import URL, Connection, Pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import await_only

DRIVER = "sqlite+inline"
# Whoever writes on this machine is done in a few milliseconds: asking often finds the gap, sleeping long misses it.
ASK_AGAIN_SECONDS = 0.002
# Of their own: in the default pool a commit would wait, with the write lock held, for whatever is slow there.
_COMMITS = ThreadPoolExecutor(1, thread_name_prefix="sqlite-commit")
# SQLite's extended codes say more in their higher bits.
PRIMARY_CODE = 0xFF


class InlineCursor(sqlite3.Cursor):
    """A cursor as SQLAlchemy's asyncio side wants it."""

    async def _async_soft_close(self) -> None:
        """Nothing is left to be closed in another thread."""


class InlineConnection(sqlite3.Connection):
    """Commits in a thread of their own, because the disk may take its time."""

    def cursor(self, factory: Any = InlineCursor) -> Any:
        return super().cursor(factory)

    def commit(self) -> None:
        if self.in_transaction:
            await_only(_in_thread(super().commit))


async def _in_thread(work: Callable[[], None]) -> None:
    """Do it in a thread and stay until it is done, even when cancelled: nobody else may use the connection before."""
    running = asyncio.get_running_loop().run_in_executor(_COMMITS, work)
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise


def begin(connection: Connection) -> None:
    """Begin a transaction that reads: everything in it is seen as of one moment. Beginning cannot fail."""
    # Not through SQLAlchemy, which would take as long as for a query.
    cast(sqlite3.Connection, connection.connection.dbapi_connection).execute("BEGIN")


def begin_immediate(connection: Connection, deadline: float, busy_timeout_ms: int) -> None:
    """Begin a transaction that writes, trying at least once and until ``deadline`` by time.monotonic().

    Raises OperationalError while another process still writes then. ``busy_timeout_ms`` is set for later statements.
    """
    driver = cast(InlineConnection, connection.connection.dbapi_connection)
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while not _begun(driver) and time.monotonic() < deadline:
            await_only(asyncio.sleep(ASK_AGAIN_SECONDS))
        if not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # through SQLAlchemy, whose errors everybody knows
    finally:
        driver.execute(f"PRAGMA busy_timeout={busy_timeout_ms}")


def _begun(driver: InlineConnection) -> bool:
    """False when another writes now."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & PRIMARY_CODE != sqlite3.SQLITE_BUSY
    return True


class InlineSqlite(SQLiteDialect_pysqlite):
    """The dialect behind ``sqlite+inline://``: SQLAlchemy's own for sqlite3, used from its asyncio side."""

    driver = "inline"
    is_async = True
    has_terminate = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        return AsyncAdaptedQueuePool

    def create_connect_args(self, url: URL) -> Any:
        positional, named = super().create_connect_args(url)
        return positional, {**named, "factory": InlineConnection, "check_same_thread": False}

    def do_terminate(self, dbapi_connection: Any) -> None:
        dbapi_connection.close()


registry.register("sqlite.inline", __name__, InlineSqlite.__name__)
