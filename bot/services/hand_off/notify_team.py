"""Tell a Slack or Teams channel, a mailbox or a telephone that somebody waits for a technician, through Apprise.

Only the reference and the team are told: what customers write stays here. A hand-off is announced once; one that
could not be told is tried again for an hour.
"""

import asyncio
from datetime import timedelta

from sqlalchemy import select, update

from bot.services.core.context import Context
from bot.store.tables import HandOff, Issue

WORTH_TELLING = timedelta(hours=1)
LIMIT_SECONDS = 30
AT_ONCE = 20


class NotAnnounced(Exception):
    """An address did not take it. Which one is not said: addresses are secrets."""


async def announce_waiting(ctx: Context) -> None:
    """Tell of every hand-off that waits and was not told of. Raises NotAnnounced, and is tried again then."""
    if not ctx.settings.notify_urls:
        return
    query = (
        select(HandOff.id, HandOff.team, Issue.reference)
        .join(Issue, Issue.id == HandOff.issue_id)
        .where(
            HandOff.state == "waiting",
            HandOff.announced_at.is_(None),
            HandOff.created_at > ctx.clock() - WORTH_TELLING,
        )
        .order_by(HandOff.id)
        .limit(AT_ONCE)
    )
    async with ctx.db.read() as session:
        due = [(row.id, row.team, row.reference) for row in await session.execute(query)]
    for hand_off_id, team, reference in due:
        await _announce(ctx, team, reference)
        async with ctx.db.write() as session:
            told = update(HandOff).where(HandOff.id == hand_off_id).values(announced_at=ctx.clock())
            await session.execute(told)


async def _announce(ctx: Context, team: str, reference: str) -> None:
    from apprise import Apprise  # some megabytes that only those hold who have addresses to tell

    apprise = Apprise()
    for wanted, address in ctx.settings.notify_urls:
        if wanted in (None, team) and not apprise.add(address):
            raise NotAnnounced("an address in TECHREF_NOTIFY_URLS is none that Apprise knows")
    if len(apprise) == 0:
        return
    words = ctx.support.wording.waiting_announced.format(reference=reference, team=ctx.support.team_title(team))
    async with asyncio.timeout(LIMIT_SECONDS):
        if not await apprise.async_notify(body=words, title=ctx.support.company):
            raise NotAnnounced("an address in TECHREF_NOTIFY_URLS did not take it")
