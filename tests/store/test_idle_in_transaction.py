"""A process that stands still inside a transaction holds its rows for a while only, and works on afterwards."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.services.conversation import lifecycle
from bot.services.core.context import Context
from bot.store import database
from bot.store.database import Database
from tests.support.service_fixtures import Customer


@pytest.mark.postgresql
async def test_others_get_the_row_of_one_that_stands_still(
    ctx: Context, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = await Customer.arrives(ctx)
    monkeypatch.setattr(database, "IDLE_IN_TRANSACTION_MS", 300)
    standing = Database(database_url)

    async def stand_still() -> None:
        async with standing.write() as session:
            await lifecycle.load(session, customer.id, lock=True)
            held.set()
            await asyncio.sleep(1)
            await session.execute(text("SELECT 1"))

    held = asyncio.Event()
    still = asyncio.create_task(stand_still())
    await held.wait()
    await asyncio.wait_for(customer.writes("it crashes"), 0.9)
    with pytest.raises(DBAPIError):
        await still
    async with standing.write() as session:
        assert (await lifecycle.load(session, customer.id, lock=True)).last_seq == 1
    await standing.close()
