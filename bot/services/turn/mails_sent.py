"""Tell when the assistant has said its part by mail about an issue that waits for a technician."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.plan import OpenIssue
from bot.store.tables import Conversation, Turn
from bot.triage.hand_off.ownership import Owner

# The reference with the questions, and what became of the answers; a turn is one mail.
MOST_MAILS = 2


async def is_persons_turn(session: AsyncSession, conversation: Conversation) -> bool:
    """Return whether a technician answers the next mail: the issue waits, and enough turns have passed since it."""
    if conversation.owner != Owner.QUEUE or conversation.issue_id is None:
        return False
    newest = select(Turn.commands).where(Turn.conversation_id == conversation.id).order_by(Turn.id.desc())
    turns = list(await session.scalars(newest.limit(MOST_MAILS - 1)))
    return bool(turns) and not any(OpenIssue.kind in commands for commands in turns)
