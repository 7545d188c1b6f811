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
TURNS_DONE = text(
    "SELECT count(*) FROM turns WHERE result LIKE '%done' AND inbound_event_id IS NOT NULL GROUP BY inbound_event_id"
)
UNSENT = text(
    "SELECT count(*) FROM outbox WHERE state = 'queued' AND (kind = 'mail' OR (kind = 'team_notice' AND attempts = 0))"
)
DRAIN_SECONDS = 180.0


@dataclass(frozen=True)
class Stored:
    """``hand_offs`` counts them by reference, ``waiting`` are the references nobody has claimed; ``mails`` are
    (address, state); ``authorisations`` counts the payments that are paid; ``turns_done_twice`` how often an event's
    turn was performed again."""

    hand_offs: Counter[str]
    waiting: frozenset[str]
    mails: tuple[tuple[str, str], ...]
    authorisations: Counter[str]
    turns_done_twice: int = 0


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
            twice = sum(row[0] - 1 for row in await session.execute(TURNS_DONE))
    finally:
        await database.close()
    waiting = frozenset(reference for reference, state in hand_offs if state == "waiting")
    return Stored(Counter(reference for reference, _ in hand_offs), waiting, mails, authorisations, twice)


@dataclass(frozen=True)
class CutOff:
    """Repetitions that follow a kill between a target's acceptance and its record: no fault, and never hidden."""

    notices: int
    mails: int

    def __str__(self) -> str:
        return f"cut off by a kill and repeated: notices {self.notices}, mails {self.mails}"


def cut_off(stored: Stored, seen: Outside) -> CutOff:
    """Count them: of notices no more than there were too many."""
    told, received = seen.good.notices, seen.post.received
    return CutOff(
        sum(
            min(told.cut_off(reference, seen.kills), max(0, times - stored.hand_offs[reference]))
            for reference, times in told.counted().items()
        ),
        sum(received.cut_off(message_id, seen.kills) for message_id in received.times),
    )


def judge_outside(stored: Stored, seen: Outside, acknowledged: Counter[str]) -> dict[str, int]:
    """Count what was lost or repeated beyond the gateway, without what was cut off by a kill.

    ``acknowledged`` counts, by authorisation, the payments that a technician was told are recorded.
    """
    received, told, excused = seen.post.received, seen.good.notices.counted(), cut_off(stored, seen)
    too_many = sum(max(0, times - stored.hand_offs[reference]) for reference, times in told.items())
    sent = sum(state == "sent" for _, state in stored.mails)
    unfinished = sum(state != "sent" for address, state in stored.mails if not address.startswith(REFUSED))
    return {
        "notices_lost": sum(reference not in told for reference in stored.waiting),
        "notices_repeated": too_many - excused.notices,
        "mails_lost": unfinished + max(0, sent - len(received.times)),
        "mails_repeated": received.total() - len(received.times) - excused.mails,
        "payments_lost": sum(stored.authorisations[one] == 0 for one in acknowledged),
        "payments_double_counted": sum(times - 1 for times in stored.authorisations.values()),
    }
