"""Events that need no turn: what is written while a technician has the conversation is the technician's to answer."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.context import CONTRACT_ASKED
from bot.services.conversation import transcript
from bot.services.core.context import Context
from bot.services.hand_off.unprompted_wording import unprompted_words
from bot.store.lookup import its_issue
from bot.store.tables import Conversation, InboundEvent

PENDING, DONE = "pending", "done"


async def settle_pending_events(session: AsyncSession, ctx: Context, conversation: Conversation) -> None:
    """Finish what waits in a conversation that a technician has, or has had until now.

    Left waiting it would be answered by the assistant once that has the conversation again, out of its order. What
    the assistant still had to say of its own accord is told here.
    """
    now = ctx.clock()
    waiting = select(InboundEvent).where(
        InboundEvent.conversation_id == conversation.id, InboundEvent.status == PENDING
    )
    for event in list(await session.scalars(waiting.order_by(InboundEvent.id))):
        if event.payload and event.payload["kind"] != CONTRACT_ASKED:
            unsaid = unprompted_words(
                ctx.support_for(conversation), event.payload, await its_issue(session, conversation)
            )
            await transcript.say(session, conversation, now, unsaid, author_name=ctx.office_for(conversation).company)
        event.status, event.done_at, event.payload = DONE, now, None


async def is_waiting(session: AsyncSession, conversation_id: str) -> bool:
    """Return whether something is worked on in the conversation, or will be."""
    waiting = select(InboundEvent.id).where(
        InboundEvent.conversation_id == conversation_id, InboundEvent.status == PENDING
    )
    return await session.scalar(waiting.limit(1)) is not None
