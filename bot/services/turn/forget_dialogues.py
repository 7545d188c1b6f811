"""Ask the dialogue engine to delete what it holds of a conversation."""

from sqlalchemy import select

from bot.services.core.context import Context
from bot.services.turn.engine_client import Engine
from bot.store.tables import (
    DialogueToForget,
)


async def forget_due(ctx: Context) -> None:
    """Ask Rasa to forget what must be forgotten; one that cannot be reached is asked again. Harmless twice."""
    now = ctx.clock()
    async with ctx.db.read() as session:
        due = list(await session.scalars(select(DialogueToForget.conversation_id).where(DialogueToForget.at <= now)))
    if not due:
        return
    engine = Engine.connect(ctx.settings)
    try:
        for conversation_id in due:
            await engine.forget(conversation_id)
            async with ctx.db.write() as session:
                asked = await session.get(DialogueToForget, conversation_id)
                if asked is not None and asked.at <= now:
                    await session.delete(asked)
    finally:
        await engine.close()
