"""The connection to the database: short reads, and writes that cannot fail half-way through a lock upgrade."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import aiosqlite
from sqlalchemy import URL, Connection, Dialect, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from bot.store import inline_sqlite
from bot.store.folded import CANONICAL, JOINED, canonical_or_null, joined_or_null
from bot.store.issue_revision import RevisionSession
from bot.store.unit_of_work import ATTEMPTS, Superseded, backoff, call_back, can_run_again
from bot.store.write_lock import WriteLock

log = logging.getLogger(__name__)
Result = TypeVar("Result")

BUSY_TIMEOUT_MS, EMPTYING_TIMEOUT_MS = 5000, 250
# A server that takes connections but does not answer must not keep those who ask waiting for ever.
CONNECT_SECONDS, STATEMENT_SECONDS, LONG_STATEMENT_SECONDS = 5, 15, 300
# How long to wait for one of the thirty connections; then whoever asks is told to come back.
POOL_SECONDS = 10
# Longer than any pause of ours inside a transaction; shorter than the lease after which others take a turn over.
IDLE_IN_TRANSACTION_MS = 15_000
_WRITES = "techref_writes"


class Database:
    """Sessions on SQLite (the default) or PostgreSQL.

    On SQLite a writing transaction begins IMMEDIATE: one that has read and then writes fails at once in WAL
    mode when somebody else has written meanwhile, whatever the busy timeout.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = self._connected(async_url(url), STATEMENT_SECONDS, pool_size=10, max_overflow=20)
        long_reads = self.url.set(drivername="sqlite+aiosqlite") if self.is_sqlite else async_url(url)
        self._long_reads = self._connected(long_reads, LONG_STATEMENT_SECONDS, pool_size=2, max_overflow=8)
        if self.is_sqlite:
            for engine, begin in ((self.engine, self._begin_sqlite), (self._long_reads, _begin_long_read)):
                event.listen(engine.sync_engine, "connect", _prepare_sqlite)
                event.listen(engine.sync_engine, "begin", begin)
        self._writing_engine = self.engine.execution_options(**{_WRITES: True})
        self._write_lock = WriteLock()
        # Until when the holder of the write lock waits for other processes, by time.monotonic().
        self._deadline = 0.0

    def _connected(self, url: URL | str, statement_seconds: int, **pool: int) -> AsyncEngine:
        how = {} if self.is_sqlite else _on_postgresql(statement_seconds)
        # Errors would quote the parameters, which are what customers wrote.
        engine = create_async_engine(url, connect_args=how, pool_timeout=POOL_SECONDS, hide_parameters=True, **pool)
        if not self.is_sqlite:
            event.listen(engine.sync_engine, "do_connect", _connect_to_postgresql)
        return engine

    @asynccontextmanager
    async def read(self, *, long: bool = False) -> AsyncIterator[AsyncSession]:
        """Yield a session for reading; nothing it changes is kept.

        ``long``: a query that goes through much of the database, so that nobody else's turn waits for it on SQLite.
        """
        async with AsyncSession(self._long_reads if long else self.engine, expire_on_commit=False) as session:
            yield session

    async def run(
        self,
        use_case: Callable[[AsyncSession], Awaitable[Result]],
        *,
        priority: bool = False,
        retried: tuple[type[DBAPIError], ...] = (),
    ) -> Result:
        """Run a use case in one transaction, and again when it met a deadlock or a serialisation failure.

        See ``bot.store.unit_of_work``, whose decorator calls this. After ATTEMPTS the last error is raised, as a
        DBAPIError.
        """
        attempt = 0
        while True:
            attempt += 1
            try:
                async with self.write(priority=priority) as session:
                    return await use_case(session)
            except (DBAPIError, Superseded) as error:
                last = attempt >= ATTEMPTS
                if last and isinstance(error, Superseded):
                    raise OperationalError("use case", None, error) from error
                if last or not can_run_again(error, retried):
                    raise
                log.info("transaction is run again after %s", type(getattr(error, "orig", error)).__name__)
            await asyncio.sleep(backoff(attempt))

    @asynccontextmanager
    async def write(self, *, priority: bool = False) -> AsyncIterator[AsyncSession]:
        """Yield a transaction that commits when the block ends and rolls back when it raises.

        Never await another process inside: the lock is held for everybody. ``priority``: somebody outside waits for
        this one, so it goes before work that can be done a moment later. Raises OperationalError when another process
        keeps the database locked for BUSY_TIMEOUT_MS, counted from here: the time in the queue is part of it.
        """
        deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
        if not self.is_sqlite:
            async with self._transaction() as session:
                yield session
        else:
            # Queueing here costs microseconds; queueing inside SQLite costs its 25-100 ms sleeps.
            async with self._write_lock.acquire(priority=priority):
                self._deadline = deadline
                async with self._transaction() as session:
                    yield session
        call_back(session)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncSession]:
        how: dict[str, Any] = {"expire_on_commit": False, "sync_session_class": RevisionSession}
        async with AsyncSession(self._writing_engine, **how) as session, session.begin():
            yield session

    def _begin_sqlite(self, connection: Connection) -> None:
        if connection.get_execution_options().get(_WRITES, False):
            inline_sqlite.begin_immediate(connection, self._deadline, BUSY_TIMEOUT_MS)
        else:
            inline_sqlite.begin(connection)

    async def overwrite_deleted(self) -> bool:
        """On SQLite what was deleted still lies in the log of writes: bring it into the file, which overwrites it.

        Return False when somebody who reads keeps the log in use: then it must be asked again. The first column of
        the answer says so, see https://www.sqlite.org/pragma.html#pragma_wal_checkpoint.
        """
        if not self.is_sqlite:
            return True
        # A connection of its own: inside a transaction the log cannot be emptied.
        async with aiosqlite.connect(self.url.database or "", isolation_level=None) as connection:
            # Writers wait meanwhile.
            await connection.execute(f"PRAGMA busy_timeout={EMPTYING_TIMEOUT_MS}")
            await connection.execute("PRAGMA secure_delete=ON")
            async with connection.execute("PRAGMA wal_checkpoint(TRUNCATE)") as answer:
                row = await answer.fetchone()
        return row is not None and row[0] == 0

    async def close(self) -> None:
        await self.engine.dispose()
        await self._long_reads.dispose()


def _on_postgresql(statement_seconds: int) -> dict[str, Any]:
    # Who stands still inside a transaction, with the whole machine perhaps, must not keep rows from the others.
    settings = {"application_name": "techref", "idle_in_transaction_session_timeout": str(IDLE_IN_TRANSACTION_MS)}
    return {"timeout": CONNECT_SECONDS, "command_timeout": statement_seconds, "server_settings": settings}


def _connect_to_postgresql(dialect: Dialect, _record: Any, positional: Any, named: dict[str, Any]) -> Any:
    """Connect; raise ConnectionRefusedError where the server starts, ends or has no connection left.

    The driver's own errors come out of a connection that fails as they are, without being made a DBAPIError.
    """
    from asyncpg import exceptions

    try:
        return dialect.connect(*positional, **named)
    except (
        exceptions.PostgresConnectionError,
        exceptions.OperatorInterventionError,
        exceptions.InsufficientResourcesError,
    ) as error:
        raise ConnectionRefusedError(type(error).__name__) from error


def async_url(url: str) -> str:
    """Return the same database through its asyncio driver (our own for SQLite, asyncpg)."""
    drivers = {"sqlite": inline_sqlite.DRIVER, "postgresql": "postgresql+asyncpg"}
    parsed = make_url(url)
    return parsed.set(drivername=drivers[parsed.get_backend_name()]).render_as_string(hide_password=False)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        # What is erased or masked is overwritten, not only unlinked.
        "secure_delete=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    connection.create_function(CANONICAL, 1, canonical_or_null, deterministic=True)
    connection.create_function(JOINED, 1, joined_or_null, deterministic=True)


def _begin_long_read(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
