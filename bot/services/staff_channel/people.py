"""Technicians as their platform knows them: by the e-mail address of a profile that our own workspace vouches for."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.core.errors import NoAccount
from bot.services.staff_channel.wording import NO_ACCOUNT
from bot.services.technician.accounts import by_email
from bot.store.tables import Technician as Technician


async def technician_of(session: AsyncSession, email: str | None) -> Technician | None:
    """Return the technician with this address who can sign in at the desk; None when there is none."""
    found = await by_email(session, email) if email else None
    return found if found is not None and found.active else None


async def require_technician(ctx: Context, email: str | None) -> Technician:
    """Return the technician with this address; raises NoAccount with what to do."""
    async with ctx.db.read() as session:
        found = await technician_of(session, email)
    if found is None:
        raise NoAccount(NO_ACCOUNT)
    return found
