"""The only place that changes who owns a conversation: one compare-and-set, one audit row."""

from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.errors import WrongOwner
from bot.store.tables import Conversation
from bot.triage.hand_off.ownership import Event, NotAllowed, Owner, next_owner


async def change_owner(
    session: AsyncSession,
    conversation: Conversation,
    event: Event,
    *,
    actor: str,
    reason: str,
    now: datetime,
    technician_id: int | None = None,
) -> Owner:
    """Move the conversation to its next owner and into its next epoch.

    Raises Conflict (``wrong_owner``) when the event is not possible now, or somebody changed the owner meanwhile.
    """
    before, epoch = Owner(conversation.owner), conversation.epoch
    try:
        after = next_owner(before, event)
    except NotAllowed as error:
        raise WrongOwner(f"That is not possible while the conversation is with: {before}.") from error
    claimed = update(Conversation).where(Conversation.id == conversation.id, Conversation.epoch == epoch)
    values = {"owner": str(after), "epoch": epoch + 1, "technician_id": technician_id, "updated_at": now}
    # What one technician promised binds nobody else.
    values["promised_until"] = None
    in_step = {"synchronize_session": "evaluate"}
    result = cast(CursorResult[None], await session.execute(claimed.values(values), execution_options=in_step))
    if result.rowcount != 1:
        raise WrongOwner("Somebody else changed this conversation a moment ago. Load it again.")
    audit.record(
        session,
        actor,
        f"owner.{event}",
        now,
        conversation=conversation,
        details={"from": str(before), "to": str(after), "epoch": epoch + 1, "reason": reason},
    )
    return after
