"""The rows that completing a turn needs, read in one statement under the conversation's lock."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.store.tables import Conversation, Customer, InboundEvent, Intake, Issue, Message

_Drafts = aliased(Intake)
_STATE = (
    select(InboundEvent, Message, Intake, Issue, Customer)
    .join(Conversation, Conversation.id == InboundEvent.conversation_id)
    .join(Customer, Customer.id == Conversation.customer_id)
    .outerjoin(Message, Message.id == InboundEvent.message_id)
    .outerjoin(
        Intake,
        Intake.id
        == select(func.max(_Drafts.id))
        .where(_Drafts.conversation_id == InboundEvent.conversation_id)
        .correlate(InboundEvent)
        .scalar_subquery(),
    )
    .outerjoin(Issue, Issue.intake_id == Intake.id)
    .where(InboundEvent.id == bindparam("event_id"))
)


@dataclass(frozen=True)
class TurnState:
    """The rows of a turn; held as long as it is performed, so that nothing reads them again.

    ``intake`` is the conversation's newest draft and ``issue`` the one logged from it.
    """

    event: InboundEvent
    message: Message | None
    intake: Intake | None
    issue: Issue | None
    customer: Customer


async def load_state(session: AsyncSession, event_id: int) -> TurnState:
    """Return the rows as they are now."""
    return TurnState(*(await session.execute(_STATE, {"event_id": event_id})).one())
