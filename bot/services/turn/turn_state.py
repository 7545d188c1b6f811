"""The rows that completing a turn needs, read in one statement under the conversation's lock."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.dialogue.draft import REQUEST
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
        .where(_Drafts.conversation_id == InboundEvent.conversation_id, _Drafts.state != REQUEST)
        .correlate(InboundEvent)
        .scalar_subquery(),
    )
    .outerjoin(Issue, Issue.intake_id == Intake.id)
    .where(InboundEvent.id == bindparam("event_id"))
)


_BATCH = (
    select(InboundEvent, Message)
    .join(Message, Message.id == InboundEvent.message_id)
    .where(InboundEvent.id.in_(bindparam("event_ids", expanding=True)))
    .order_by(InboundEvent.id)
)


@dataclass(frozen=True)
class TurnState:
    """The rows of a turn; held as long as it is performed, so that nothing reads them again.

    ``events`` are those of the batch, the first leads it; ``messages`` are theirs. ``intake`` is the conversation's
    newest draft, no request, and ``issue`` the one logged from it.
    """

    events: tuple[InboundEvent, ...]
    messages: tuple[Message, ...]
    intake: Intake | None
    issue: Issue | None
    customer: Customer

    @property
    def event(self) -> InboundEvent:
        return self.events[0]

    @property
    def private(self) -> bool:
        """Return whether the messages were written where nobody else reads along."""
        return any(message.private for message in self.messages)


async def load_state(session: AsyncSession, event_ids: Sequence[int]) -> TurnState:
    """Return the rows as they are now."""
    event, message, *others = (await session.execute(_STATE, {"event_id": event_ids[0]})).one()
    batch = [(event, message)]
    if len(event_ids) > 1:
        batch = [(one, its) for one, its in await session.execute(_BATCH, {"event_ids": list(event_ids)})]
    messages = tuple(its for _, its in batch if its is not None)
    return TurnState(tuple(one for one, _ in batch), messages, *others)
