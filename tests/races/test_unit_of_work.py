"""A use case that met a deadlock or a serialisation failure is run again, a bounded number of times, as a whole."""

import asyncio

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.core.errors import Conflict
from bot.store.tables import Technician
from bot.store.unit_of_work import ATTEMPTS, Superseded, after_commit, unit_of_work

pytestmark = pytest.mark.postgresql


async def names(ctx: Context) -> list[str]:
    async with ctx.db.read() as session:
        return list(await session.scalars(text("SELECT name FROM technicians ORDER BY id")))


async def test_two_that_wait_for_each_other_are_both_done_in_the_end(
    ctx: Context, anna: Technician, ben: Technician
) -> None:
    """Rows of one table in opposite orders, which nothing in the product does: PostgreSQL ends one of the two."""
    attempts, meeting = 0, asyncio.Barrier(2)

    @unit_of_work()
    async def rename(session: AsyncSession, _ctx: Context, first: int, second: int, letter: str) -> str:
        nonlocal attempts
        attempts += 1
        for number, one in enumerate((first, second)):
            row = update(Technician).where(Technician.id == one)
            await session.execute(row.values(name=Technician.name + letter))
            if number == 0 and attempts <= 2:
                await meeting.wait()
        return letter

    done = await asyncio.gather(rename(ctx, anna.id, ben.id, "x"), rename(ctx, ben.id, anna.id, "y"))
    assert list(done) == ["x", "y"]
    assert attempts == 3
    assert [sorted(name[-2:]) for name in await names(ctx)] == [["x", "y"], ["x", "y"]]


async def test_a_serialisation_failure_is_tried_a_bounded_number_of_times(ctx: Context) -> None:
    attempts = 0

    @unit_of_work()
    async def fails(session: AsyncSession, _ctx: Context) -> None:
        nonlocal attempts
        attempts += 1
        await session.execute(text("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$"))

    with pytest.raises(DBAPIError):
        await fails(ctx)
    assert attempts == ATTEMPTS


async def test_one_that_is_superseded_each_time_ends_as_a_database_that_does_not_answer(ctx: Context) -> None:
    @unit_of_work()
    async def never(session: AsyncSession, _ctx: Context) -> None:
        raise Superseded

    with pytest.raises(OperationalError):
        await never(ctx)


async def test_any_other_error_is_not_tried_again(ctx: Context) -> None:
    attempts = 0

    @unit_of_work()
    async def fails(session: AsyncSession, _ctx: Context) -> None:
        nonlocal attempts
        attempts += 1
        await session.execute(text("SELECT 1 / 0"))

    with pytest.raises(DBAPIError):
        await fails(ctx)
    assert attempts == 1


async def test_only_the_attempt_that_is_committed_calls_back_and_is_kept(ctx: Context, anna: Technician) -> None:
    attempts, called = 0, list[int]()

    @unit_of_work()
    async def superseded_once(session: AsyncSession, _ctx: Context) -> None:
        nonlocal attempts
        attempts += 1
        (await session.get_one(Technician, anna.id)).name += "!"
        await session.flush()
        after_commit(session, called.append, attempts)
        if attempts == 1:
            raise Superseded

    await superseded_once(ctx)
    assert called == [2] and await names(ctx) == ["Anna!"]


async def test_what_is_refused_calls_nobody_back(ctx: Context) -> None:
    called = list[str]()

    @unit_of_work()
    async def refused(session: AsyncSession, _ctx: Context) -> None:
        after_commit(session, called.append, "woken")
        raise Conflict("Somebody was faster.")

    with pytest.raises(Conflict):
        await refused(ctx)
    assert called == []
