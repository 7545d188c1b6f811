"""Rows by their key, with a query that is built once for each table.

``Session.get`` builds its query anew each time, which takes four times as long as the rest of it. It stays the better
one for a row that the session holds already: then it asks nobody.
"""

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import Base, Conversation, Issue

Row = TypeVar("Row", bound=Base)


async def by_key(session: AsyncSession, table: type[Row], key: Any, *, lock: bool = False) -> Row | None:
    """The row, locked for the transaction if asked; None when there is none."""
    found: Row | None = await session.scalar(_query(table, lock), {"key": key})
    return found


async def its_issue(session: AsyncSession, conversation: Conversation) -> Issue | None:
    """The issue that the conversation is about now, if there is one."""
    return await session.get(Issue, conversation.issue_id) if conversation.issue_id else None


@cache
def _query(table: type[Base], lock: bool) -> Select[Any]:
    (column,) = inspect(table).primary_key
    query = select(table).where(column == bindparam("key"))
    return query.with_for_update() if lock else query
