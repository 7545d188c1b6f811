"""The demonstration and the reports on PostgreSQL, whose clock, JSON and foreign keys are stricter."""

from sqlalchemy import func, select

from bot.services.core.context import Context
from bot.services.demo import fill
from bot.services.reporting import reports
from bot.store.tables import Conversation, Customer


async def test_the_demonstration_is_counted_by_every_report_and_leaves_no_trace(ctx: Context) -> None:
    made = await fill.fill_demo(ctx, issues=50)
    period = reports.period_of(ctx, None, None, "90")
    found = {one.id: one for one in await reports.all_reports(ctx, period)}
    assert sum(row[1] for row in found["categories"].rows) == 50
    assert found["waiting"].headline.startswith("median")
    assert await fill.remove_demo(ctx) == made
    async with ctx.db.read() as session:
        for table in (Conversation, Customer):
            assert await session.scalar(select(func.count()).select_from(table)) == 0
