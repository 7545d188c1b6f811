"""Delete expired rows: tokens, sessions, counted sign-ins, delayed actions that have ended."""

from datetime import timedelta

from sqlalchemy import delete

from bot.services.core.context import Context
from bot.services.manual import search_log
from bot.store.tables import (
    ContinuationLink,
    ConversationToken,
    DelayedAction,
    DeskSession,
    IdentityTokenUse,
    SignInAttempt,
)

# Longer than any leeway or window in which one of these rows still decides something.
GRACE = timedelta(days=1)


async def remove_expired(ctx: Context) -> None:
    """Delete rows that expired more than a day ago, and old input of the manual's search box."""
    await search_log.remove_old_manual_searches(ctx)
    before = ctx.clock() - GRACE
    async with ctx.db.write() as session:
        for table in (ContinuationLink, ConversationToken, IdentityTokenUse, DeskSession):
            await session.execute(delete(table).where(table.expires_at < before))
        await session.execute(delete(DelayedAction).where(DelayedAction.ended_at < before))
        await session.execute(delete(SignInAttempt).where(SignInAttempt.at < before))
