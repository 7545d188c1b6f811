"""The lock order is held: by the functions that lock, and in every transaction of the product while tests run."""

import pytest
from sqlalchemy import select, update

from bot.services.core.context import Context
from bot.store.locks import LockOrderError, lock_conversation, lock_conversations, lock_issues, lock_row
from bot.store.tables import Conversation, Customer, Technician
from bot.store.unit_of_work import unit_of_work
from tests.support.service_fixtures import Customer as Writer


async def test_rows_are_locked_from_the_conversation_downwards(ctx: Context) -> None:
    first, second = await Writer.arrives(ctx), await Writer.arrives(ctx)
    async with ctx.db.write() as session:
        found = await lock_conversations(session, [second.id, first.id])
        assert [one.id for one in found] == sorted([first.id, second.id])
        assert await lock_conversation(session, first.id) is found[0] or found[1].id == first.id
        assert await lock_row(session, Customer, found[0].customer_id) is not None
        assert await lock_issues(session, []) == []


async def test_a_conversation_after_anything_else_is_refused(ctx: Context, ben: Technician) -> None:
    customer = await Writer.arrives(ctx)
    async with ctx.db.write() as session:
        await lock_row(session, Technician, ben.id)
        with pytest.raises(LockOrderError, match=r"conversations .* requested after a lock of level OTHER"):
            await lock_conversation(session, customer.id)


async def test_a_second_conversation_in_a_second_call_is_refused(ctx: Context) -> None:
    first, second = await Writer.arrives(ctx), await Writer.arrives(ctx)
    async with ctx.db.write() as session:
        await lock_conversation(session, first.id)
        with pytest.raises(LockOrderError, match="conversations"):
            await lock_conversation(session, second.id)


def as_the_product_does(use_case):  # type: ignore[no-untyped-def]
    """Its transaction is begun by Database.run, which the checker counts as the product."""
    return unit_of_work()(use_case)


async def test_a_use_case_that_changes_a_conversation_without_its_lock_fails(ctx: Context, ben: Technician) -> None:
    customer = await Writer.arrives(ctx)

    @as_the_product_does
    async def by_flush(session, _ctx):  # type: ignore[no-untyped-def]
        (await session.get_one(Conversation, customer.id)).mood = "calm"

    @as_the_product_does
    async def by_statement(session, ctx):  # type: ignore[no-untyped-def]
        await lock_row(session, Technician, ben.id)
        await session.execute(update(Conversation).values(updated_at=ctx.clock()))

    @as_the_product_does
    async def by_select(session, _ctx):  # type: ignore[no-untyped-def]
        await session.execute(select(Conversation).with_for_update())

    for use_case in (by_flush, by_statement, by_select):
        with pytest.raises(LockOrderError):
            await use_case(ctx)


async def test_a_use_case_that_changes_a_technician_first_and_then_locks_a_conversation_fails(
    ctx: Context, ben: Technician
) -> None:
    customer = await Writer.arrives(ctx)

    @as_the_product_does
    async def wrong_way_round(session, _ctx):  # type: ignore[no-untyped-def]
        (await session.get_one(Technician, ben.id)).name = "Benjamin"
        await session.flush()
        await lock_conversation(session, customer.id)

    with pytest.raises(LockOrderError):
        await wrong_way_round(ctx)
