"""Export every row of a table as a line of JSON."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.data_export.tables import GIVEN
from bot.services.outbox.items import without_text
from bot.store.tables import Base

AT_ONCE = 500
OUTBOX = "outbox"


async def count(session: AsyncSession) -> dict[str, int]:
    """Return the number of exported rows of each table."""
    return {name: await session.scalar(select(func.count()).select_from(_table(name))) or 0 for name in GIVEN}


async def write(session: AsyncSession, name: str, file: Path, each: Callable[[], None]) -> None:
    """Write the table's rows in the order of their keys; ``each`` is called after every row."""
    table = _table(name)
    columns = [column for column in table.columns if column.name not in GIVEN[name].without]
    query = select(*columns).order_by(*table.primary_key.columns).execution_options(yield_per=AT_ONCE)
    with file.open("w", encoding="utf-8") as out:
        async for row in (await session.stream(query)).mappings():
            out.write(json.dumps(_shown(name, dict(row)), ensure_ascii=False, default=_plain) + "\n")
            each()


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _shown(name: str, row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "payload": without_text(row["payload"])} if name == OUTBOX and row["secret"] else row


def _plain(value: object) -> str:
    if isinstance(value, date):  # a datetime is a date too
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
