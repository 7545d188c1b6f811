"""Compare the hand-offs, mails and payments stored at the end of a run with those that were seen outside."""

import asyncio
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import text

from bot.store.database import Database
from tests.chaos.outside import REFUSED, Outside

HAND_OFFS = text(
    "SELECT issues.reference, hand_offs.state FROM hand_offs JOIN issues ON issues.id = hand_offs.issue_id"
)
MAILS = text("SELECT target, state FROM outbox WHERE kind = 'mail'")
PAYMENTS = text("SELECT authorisation FROM payments WHERE state = 'paid' AND authorisation IS NOT NULL")
UNSENT = text(
    "SELECT count(*) FROM outbox WHERE state = 'queued' AND (kind = 'mail' OR (kind = 'team_notice' AND attempts = 0))"
)
DRAIN_SECONDS = 180.0


@dataclass(frozen=True)
class Stored:
    """``hand_offs`` counts them by reference, ``waiting`` are the references nobody has claimed; ``mails`` are
    (address, state); ``authorisations`` counts the payments that are paid."""

    hand_offs: Counter[str]
    waiting: frozenset[str]
    mails: tuple[tuple[str, str], ...]
    authorisations: Counter[str]


async def drained(database_url: str) -> None:
    """Wait until every mail has ended and every notice was tried; what is left then is counted as lost."""
    database, deadline = Database(database_url), asyncio.get_running_loop().time() + DRAIN_SECONDS
    try:
        while asyncio.get_running_loop().time() < deadline:
            async with database.read() as session:
                if not await session.scalar(UNSENT):
                    return
            await asyncio.sleep(2)
    finally:
        await database.close()


async def read_stored(database_url: str) -> Stored:
    """Read the tables directly: no page of the product stands between."""
    database = Database(database_url)
    try:
        async with database.read() as session:
            hand_offs = [(row[0], row[1]) for row in await session.execute(HAND_OFFS)]
            mails = tuple((row[0], row[1]) for row in await session.execute(MAILS))
            authorisations = Counter(row[0] for row in await session.execute(PAYMENTS))
    finally:
        await database.close()
    waiting = frozenset(reference for reference, state in hand_offs if state == "waiting")
    return Stored(Counter(reference for reference, _ in hand_offs), waiting, mails, authorisations)


def judge_outside(stored: Stored, seen: Outside, acknowledged: Counter[str]) -> dict[str, int]:
    """Count what was lost or repeated beyond the gateway.

    ``acknowledged`` counts, by authorisation, the payments that a technician was told are recorded.
    """
    received = seen.post.received()
    sent = sum(state == "sent" for _, state in stored.mails)
    unfinished = sum(state != "sent" for address, state in stored.mails if not address.startswith(REFUSED))
    return {
        "notices_lost": sum(not seen.good.notices[reference] for reference in stored.waiting),
        "notices_repeated": sum(
            max(0, times - stored.hand_offs[reference]) for reference, times in seen.good.notices.items()
        ),
        "mails_lost": unfinished + max(0, sent - len(received)),
        "mails_repeated": sum(times - 1 for times in received.values()),
        "payments_lost": sum(stored.authorisations[one] == 0 for one in acknowledged),
        "payments_double_counted": sum(times - 1 for times in stored.authorisations.values()),
    }
