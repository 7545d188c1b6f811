"""Look up whether the desk has any account yet."""

import asyncio

from sqlalchemy import exists, select

from bot.store.database import Database
from bot.store.tables import Technician


def has_technicians(database_url: str) -> bool:
    """Return True when the database has a technician; its schema must be up to date."""

    async def ask() -> bool:
        database = Database(database_url)
        try:
            async with database.read() as session:
                return bool(await session.scalar(select(exists().where(Technician.id.is_not(None)))))
        finally:
            await database.close()

    return asyncio.run(ask())
