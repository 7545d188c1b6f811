"""The desk finds what one sees, however it was typed: on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import func, or_, select

from bot.services.core.context import Context
from bot.store.folded import holds
from bot.store.tables import Customer, Message
from tests.support import service_fixtures

TYPED = "Der Fehler in Zu\u0308rich: CAF\u00c9 \uff26\uff29\uff2c\uff25 50% off_line"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        *(("zürich", True), ("ZU\u0308RICH", True), ("café", True), ("cafe\u0301", True), ("file", True)),
        *(("\uff46\uff49\uff4c\uff45", True), ("fehler in", True), ("50%", True), ("off_line", True)),
        *(("zurich", False), ("5_%", False), ("offxline", False), ("%", True), ("'", False)),
    ],
)
async def test_words_are_found_in_any_form(
    ctx: Context, customer: service_fixtures.Customer, wanted: str, found: bool
) -> None:
    await customer.writes(TYPED)
    async with ctx.db.read() as session:
        rows = await session.scalar(select(func.count()).where(holds(Message.text, wanted)).select_from(Message))
    assert bool(rows) is found


async def test_a_column_without_a_value_holds_nothing(ctx: Context, customer: service_fixtures.Customer) -> None:
    async with ctx.db.read(long=True) as session:
        either = or_(holds(Customer.name, "x"), holds(Customer.email, "x"))
        assert await session.scalar(select(func.count()).where(either).select_from(Customer)) == 0
