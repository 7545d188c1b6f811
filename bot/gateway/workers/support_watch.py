"""Keep a running gateway at the operator's newest support.yml."""

import asyncio
import logging

from bot.services.core.context import Context

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1.0


async def watch_support(ctx: Context) -> None:
    """Runs until cancelled; the next request sees what was changed."""
    while True:
        await asyncio.sleep(LOOK_EVERY_SECONDS)
        if await ctx.refresh_support():
            log.info("support.yml has changed and is in use")
