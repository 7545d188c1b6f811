"""Record what a target has accepted: sent again only because the record failed, it would arrive twice."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from bot.services.core.backoff import backoff

log = logging.getLogger(__name__)

# Raised while the database is away, locked, slow, full or read-only.
UNAVAILABLE = (DBAPIError, NoConnectionFree, OSError)
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.5, 15.0


async def until_recorded(record: Callable[[], Awaitable[None]]) -> None:
    """Run ``record``, one transaction, until the database takes it; raise what it raises of any other kind.

    It has priority, because whatever it waits for lengthens the time in which a kill repeats what was sent.
    """
    attempt = 0
    while True:
        try:
            return await record()
        except UNAVAILABLE as error:
            attempt += 1
            wait = backoff(attempt, FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS)
            log.error("what was sent is not recorded yet: %s; again in %.1f s", type(error).__name__, wait)
        await asyncio.sleep(wait)
