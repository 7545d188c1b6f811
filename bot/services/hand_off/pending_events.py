"""Events that need no turn: what is written while a technician has the conversation is the technician's to answer."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import transcript
from bot.services.core.context import Context
from bot.services.hand_off import resume_wording
from bot.services.issue import open_issue
from bot.store.lookup import its_issue
from bot.store.tables import Conversation, InboundEvent

PENDING, DONE = "pending", "done"


async def settle_pending_events(session: AsyncSession, ctx: Context, conversation: Conversation) -> None:
    """Finish what waits in a conversation that a technician has, or has had until now.

    Left waiting it would be answered by the assistant once that has the conversation again, out of its order. What
    the assistant still had to say of its own accord, and a reference that nobody has told, is told here.
    """
    now = ctx.clock()
    waiting = (InboundEvent.conversation_id == conversation.id, InboundEvent.status == PENDING)
    messages = list(await session.scalars(select(InboundEvent.message_id).where(*waiting)))
    if None in messages:
        unsaid = resume_wording.resume_words(ctx, conversation.resume, await its_issue(session, conversation))
        if unsaid is not None:
            await transcript.say(session, conversation, now, unsaid, author_name=ctx.support.company)
    if messages:
        await session.execute(update(InboundEvent).where(*waiting).values(status=DONE, done_at=now))
    await open_issue.announce_issues(
        session, ctx, conversation, await open_issue.unannounced_issues(session, conversation)
    )


async def is_waiting(session: AsyncSession, conversation_id: str) -> bool:
    """Return whether something is worked on in the conversation, or will be."""
    waiting = select(InboundEvent.id).where(
        InboundEvent.conversation_id == conversation_id, InboundEvent.status == PENDING
    )
    return await session.scalar(waiting.limit(1)) is not None
