"""Run a use case from the command line on the database of the settings."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.commands.reporting import exit_with_error, load_settings_or_exit
from bot.services.core.context import CannotStart, Context, wire
from bot.services.core.errors import ServiceError

Result = TypeVar("Result")


def run_use_case(work: Callable[[Context], Awaitable[Result]]) -> Result:
    """Run ``work`` with the wired services; end the command with the message of its error."""

    async def wired() -> Result:
        ctx = wire(load_settings_or_exit())
        try:
            return await work(ctx)
        finally:
            await ctx.db.close()

    try:
        return asyncio.run(wired())
    except (ServiceError, *CannotStart) as error:
        exit_with_error(error)
