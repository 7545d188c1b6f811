"""Technicians as their platform knows them: by the e-mail address of a profile that our own workspace vouches for."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.core.errors import NoAccount
from bot.services.staff_channel.wording import NO_ACCOUNT
from bot.services.technician.accounts import by_email
from bot.store.tables import Technician as Technician


async def technician_of(session: AsyncSession, emails: Sequence[str]) -> Technician | None:
    """Return the technician with the first of these addresses who can sign in at the desk; None without one."""
    for email in emails:
        found = await by_email(session, email)
        if found is not None and found.active:
            return found
    return None


async def require_technician(ctx: Context, emails: Sequence[str]) -> Technician:
    """Return the technician with one of these addresses; raises NoAccount with what to do."""
    async with ctx.db.read() as session:
        found = await technician_of(session, emails)
    if found is None:
        raise NoAccount(NO_ACCOUNT)
    return found
