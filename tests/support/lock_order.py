"""Hold the lock order in every transaction that the product begins while tests run, on every database.

``bot.store.locks`` checks the locks that are requested there. What else locks rows is checked here: an UPDATE or
DELETE, flushed or executed, and a SELECT … FOR UPDATE that goes past it. Transactions of the tests themselves, which
put rows into a state, are left alone.
"""

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import Select, event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session

from bot.store.database import Database
from bot.store.locks import HeldLocks, Level, LockOrderError, held_locks, level_of
from bot.store.tables import Base, Conversation, Issue

PRODUCT = ("bot", "actions")
_CHECKED = "lock_order_is_checked"
_CLASSES: dict[str, type[Base]] = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
# Rows of these belong to a conversation alone and change under its lock.
_OWNED = {
    cls
    for cls in _CLASSES.values()
    if set(cls.__table__.columns.keys()) & {"conversation_id", "issue_id", "intake_id", "message_id"}
} - {Conversation, Issue}


@contextmanager
def lock_order_checked() -> Iterator[None]:
    """Check every transaction of the product in this process until the block ends."""
    original = Database.write

    def write(self: Database, *, priority: bool = False) -> AbstractAsyncContextManager[AsyncSession]:
        caller = sys._getframe(1).f_globals["__name__"]
        return _marked(original(self, priority=priority), caller.partition(".")[0] in PRODUCT)

    Database.write = write  # type: ignore[method-assign, assignment]
    event.listen(Session, "before_flush", _before_flush)
    event.listen(Session, "do_orm_execute", _before_execute)
    try:
        yield
    finally:
        event.remove(Session, "before_flush", _before_flush)
        event.remove(Session, "do_orm_execute", _before_execute)
        Database.write = original  # type: ignore[method-assign]


@asynccontextmanager
async def _marked(opened: AbstractAsyncContextManager[AsyncSession], checked: bool) -> AsyncIterator[AsyncSession]:
    async with opened as session:
        session.info[_CHECKED] = checked
        yield session


def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    if not session.info.get(_CHECKED):
        return
    held = held_locks(session)
    changed = [row for row in session.dirty if session.is_modified(row)] + list(session.deleted)
    for row in sorted(changed, key=lambda one: level_of(type(one))):
        _check_row(held, row)


def _check_row(held: HeldLocks, row: Any) -> None:
    if isinstance(row, Conversation):
        if row.id not in held.of(Conversation):
            raise LockOrderError("a conversation is changed that was not locked")
    elif isinstance(row, Issue):
        if row.id not in held.of(Issue) and row.conversation_id not in held.of(Conversation):
            raise LockOrderError("an issue is changed that is not locked, and its conversation neither")
    elif type(row) not in _OWNED:
        held.level = max(held.level, level_of(type(row)))


def _before_execute(state: ORMExecuteState) -> None:
    if not state.session.info.get(_CHECKED):
        return
    # Asked first: to find the table of a SELECT, SQLAlchemy compiles it, a third of the time of all these tests.
    if state.is_select and getattr(state.statement, "_for_update_arg", None) is None:
        return
    held, cls = held_locks(state.session), _class_of(state)
    if cls is None:
        return
    if state.is_select:
        if level_of(cls) < Level.OTHER and not held.of(cls):
            raise LockOrderError(f"{cls.__tablename__} is locked by a statement of its own: use bot.store.locks")
        held.level = max(held.level, level_of(cls))
    elif state.is_update or state.is_delete:
        first = cls is Conversation and held.level is Level.NONE
        if cls in (Conversation, Issue) and not (first or held.of(cls) or held.of(Conversation)):
            raise LockOrderError(f"rows of {cls.__tablename__} are changed that were not locked")
        if first:
            held.of(Conversation).add("those of a statement")
        if cls not in _OWNED:
            held.level = max(held.level, level_of(cls))


def _class_of(state: ORMExecuteState) -> type[Base] | None:
    """Return the class of the table that a statement changes or locks."""
    statement: Any = state.statement
    if state.is_update or state.is_delete:
        return _CLASSES.get(statement.table.name)
    if isinstance(statement, Select):
        names = [getattr(table, "name", None) for table in statement.get_final_froms()]
        return next((_CLASSES[name] for name in names if name in _CLASSES), None)
    return None
