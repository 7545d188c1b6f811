"""Take up a changed support.yml once, and let nobody go on with the former settings meanwhile."""

import asyncio

from bot.services.core.context import Context
from bot.services.core.support_reload import FILE_NAME


async def test_who_asks_while_the_file_is_read_waits_for_it(ctx: Context) -> None:
    (ctx.settings.home / FILE_NAME).write_text("company: Another Company\n")
    reading = asyncio.create_task(ctx.refresh_support())
    await asyncio.sleep(0)
    assert not reading.done()
    assert await ctx.refresh_support() is False
    assert ctx.support.company == "Another Company"
    assert await reading is True
    assert await ctx.refresh_support() is False


async def test_a_file_that_cannot_be_used_changes_nothing_until_it_is_another(ctx: Context) -> None:
    before = ctx.support
    file = ctx.settings.home / FILE_NAME
    file.write_text("company: [\n")
    assert await ctx.refresh_support() is False and ctx.support is before
    file.write_text("company: Mended Company\n")
    assert await ctx.refresh_support() is True and ctx.support.company == "Mended Company"
