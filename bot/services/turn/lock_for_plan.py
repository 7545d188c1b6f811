"""The conversations whose rows a plan changes: all are locked in one call, before anything is loaded.

An issue's draft belongs to the conversation that the issue was opened in, which may be another one of the customer's.
"""

from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.plan import AddToIssue, AttachIssue, NoteFacts, NoteProduct, Plan, ReopenIssue, ResolveIssue
from bot.store.locks import held_locks
from bot.store.tables import Conversation, Issue

_CHANGE_THE_ISSUE = (AddToIssue, AttachIssue, NoteFacts, NoteProduct, ReopenIssue, ResolveIssue)
_ORIGINS = select(Issue.conversation_id).where(
    or_(
        Issue.id
        == select(Conversation.issue_id).where(Conversation.id == bindparam("conversation_id")).scalar_subquery(),
        Issue.reference.in_(bindparam("references", expanding=True)),
    )
)


async def conversations_of(session: AsyncSession, conversation_id: str, plan: Plan) -> set[str]:
    """Return the ids of the conversations to lock for the plan."""
    if not any(isinstance(command, _CHANGE_THE_ISSUE) for command in plan.commands):
        return {conversation_id}
    references = [command.reference for command in plan.commands if isinstance(command, AttachIssue)]
    found = await session.scalars(_ORIGINS, {"conversation_id": conversation_id, "references": references})
    return {conversation_id, *found}


async def are_locked(session: AsyncSession, conversation_id: str, plan: Plan) -> bool:
    """Return whether the transaction holds the locks that the plan needs."""
    wanted = await conversations_of(session, conversation_id, plan)
    return wanted <= held_locks(session).of(Conversation)
