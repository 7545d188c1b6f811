"""Run a use case from the command line on the database of the settings."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.commands.reporting import settings_or_stop, stop
from bot.services.core.context import CannotStart, Context, wire
from bot.services.core.errors import ServiceError

Result = TypeVar("Result")


def run(work: Callable[[Context], Awaitable[Result]]) -> Result:
    """Run ``work`` with the wired services; end the command with the message of its error."""

    async def wired() -> Result:
        ctx = wire(settings_or_stop())
        try:
            return await work(ctx)
        finally:
            await ctx.db.close()

    try:
        return asyncio.run(wired())
    except (ServiceError, *CannotStart) as error:
        stop(error)
