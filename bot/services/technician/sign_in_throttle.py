"""Throttle password guessing: a limit per e-mail and one per address, in the database.

An attempt is counted before its password is verified, so that a hundred at the same moment count as a hundred. A
browser that is known from an earlier sign-in has an allowance of its own, so that strangers cannot lock a technician
out. Only hashes of e-mails and addresses are stored, and only as long as they count.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.core.errors import TooMany
from bot.store.tables import SignInAttempt

WINDOW = timedelta(minutes=15)
PER_EMAIL = 8
PER_ADDRESS = 40


async def count_attempt(ctx: Context, email: str, address: str, browser: str | None = None) -> list[int]:
    """Count one attempt and return its rows' ids; raise TooMany with the seconds until the next is allowed.

    ``browser`` is the cookie of a known browser, already verified: then only its own attempts count.
    """
    now = ctx.clock()
    limits = [(_subject("email", email), PER_EMAIL), (_subject("address", address), PER_ADDRESS)]
    if browser is not None:
        limits = [(_subject("browser", browser), PER_EMAIL)]
    rows = [SignInAttempt(subject=subject, at=now) for subject, _ in limits]
    async with ctx.db.write() as session:
        await session.execute(delete(SignInAttempt).where(~SignInAttempt.at.between(now - WINDOW, now + WINDOW)))
        for subject, limit in limits:
            await _check(session, subject, limit, now)
        session.add_all(rows)
    return [row.id for row in rows]


async def clear_attempts(session: AsyncSession, email: str, attempt_ids: list[int], browser: str | None = None) -> None:
    """Forget this attempt and the earlier ones for this e-mail, after a correct password."""
    subjects = [_subject("email", email), *([_subject("browser", browser)] if browser is not None else [])]
    counted = SignInAttempt.id.in_(attempt_ids) | SignInAttempt.subject.in_(subjects)
    await session.execute(delete(SignInAttempt).where(counted))


async def _check(session: AsyncSession, subject: str, limit: int, now: datetime) -> None:
    query = select(func.count(), func.min(SignInAttempt.at)).where(SignInAttempt.subject == subject)
    made, oldest = (await session.execute(query)).one()
    if made >= limit:
        wait = int((oldest + WINDOW - now).total_seconds()) + 1
        raise TooMany(
            f"Too many attempts to sign in. Wait {max(1, round(wait / 60))} min and try again, "
            "or ask whoever runs TechRef for a new password.",
            retry_after=wait,
        )


def _subject(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()
