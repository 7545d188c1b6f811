"""Keep a running gateway at the operator's newest support.yml, and at what the desk sets of channels."""

import logging

from bot.services.core.context import Context

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1.0


async def look_at_support(ctx: Context) -> None:
    """Read support.yml if it has changed; the next request uses it."""
    if await ctx.refresh_support():
        log.info("support.yml has changed and is in use")
    if ctx.refresh_channels():
        log.info("the channels' settings of the desk have changed and are in use")
