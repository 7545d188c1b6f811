"""Row locks in one order: conversations, then customers, then issues, then everything else that is shared.

Two transactions that take the same rows in different orders wait for each other until PostgreSQL ends one of them
(https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS). So a use case locks every
conversation that it needs in one call, before anything else. Rows that belong to a conversation alone (its messages,
hand-offs, payments, …) change under its lock and need none of their own; its issues are locked too where a use case of
another conversation changes them. Within a call rows are locked by ascending key.

The locks are ``FOR NO KEY UPDATE``: what an UPDATE takes anyway, and what an insert of a row that names the locked one
by foreign key does not wait for. On SQLite one transaction writes at a time; the order is checked there too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from bot.store.tables import Base, ChannelUser, Conversation, Customer, Issue

Row = TypeVar("Row", bound=Base)
_HELD = "held_locks"
_POPULATE = {"populate_existing": True}


class Level(IntEnum):
    """A place in the lock order."""

    NONE = 0
    CONVERSATION = 1
    CUSTOMER = 2
    ISSUE = 3
    OTHER = 4


class LockOrderError(RuntimeError):
    """A lock was requested after one of a later level: another transaction may wait for this one and this for it."""


_LEVELS: dict[type[Base], Level] = {
    Conversation: Level.CONVERSATION,
    Customer: Level.CUSTOMER,
    ChannelUser: Level.CUSTOMER,
    Issue: Level.ISSUE,
}


@dataclass
class HeldLocks:
    """The locks that a transaction has taken so far."""

    level: Level = Level.NONE
    keys: dict[type[Base], set[Any]] = field(default_factory=dict)

    def of(self, table: type[Base]) -> set[Any]:
        return self.keys.setdefault(table, set())

    def request(self, table: type[Base], keys: Iterable[Any]) -> None:
        """Record a request for rows, before it is made; raises LockOrderError when it breaks the order."""
        level, missing = level_of(table), set(keys) - self.of(table)
        if not missing:
            return
        again = level is Level.CONVERSATION and bool(self.of(table))
        if level < self.level or again:
            rows = ", ".join(str(key) for key in sorted(missing, key=str))
            raise LockOrderError(f"{table.__tablename__} {rows} requested after a lock of level {self.level.name}")
        self.level = max(self.level, level)
        self.of(table).update(missing)


def level_of(table: type[Base]) -> Level:
    """Return the place of a table's rows in the lock order."""
    return _LEVELS.get(table, Level.OTHER)


def held_locks(session: AsyncSession | Session) -> HeldLocks:
    """Return the locks of the session's transaction."""
    found: HeldLocks = session.info.setdefault(_HELD, HeldLocks())
    return found


async def lock_conversation(session: AsyncSession, conversation_id: str) -> Conversation | None:
    """Lock a conversation, as the first thing of a use case; None when there is none."""
    return await lock_row(session, Conversation, conversation_id)


async def lock_conversations(session: AsyncSession, conversation_ids: Iterable[str]) -> Sequence[Conversation]:
    """Lock every conversation that a use case needs, in one call."""
    return await lock_rows(session, Conversation, conversation_ids)


async def lock_issues(session: AsyncSession, issue_ids: Iterable[int]) -> Sequence[Issue]:
    """Lock issues, after the conversations."""
    return await lock_rows(session, Issue, issue_ids)


async def lock_row(session: AsyncSession, table: type[Row], key: Any, *, from_references: bool = False) -> Row | None:
    """Lock one row and read it as it is then; None when there is none.

    With ``from_references`` nobody else can add a row that names this one by foreign key either.
    """
    held = held_locks(session)
    if key in held.of(table):
        return await session.get(table, key)
    held.request(table, [key])
    found: Row | None = await session.scalar(_one(table, from_references), {"key": key}, execution_options=_POPULATE)
    return found


async def lock_rows(session: AsyncSession, table: type[Row], keys: Iterable[Any]) -> Sequence[Row]:
    """Lock rows by ascending key and read them as they are then."""
    wanted = sorted(set(keys))
    if not wanted:
        return []
    held_locks(session).request(table, wanted)
    rows = await session.scalars(_several(table), {"keys": wanted}, execution_options=_POPULATE)
    return list(rows)


@cache
def _one(table: type[Base], from_references: bool) -> Select[Any]:
    (column,) = inspect(table).primary_key
    return select(table).where(column == bindparam("key")).with_for_update(key_share=not from_references)


@cache
def _several(table: type[Base]) -> Select[Any]:
    (column,) = inspect(table).primary_key
    wanted = column.in_(bindparam("keys", expanding=True))
    return select(table).where(wanted).order_by(column).with_for_update(key_share=True)
