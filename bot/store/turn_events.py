"""The events of a turn: the one that it is recorded under and those of its batch."""

from sqlalchemy import func

from bot.store.tables import InboundEvent, Turn

# Joins a turn with all of them.
OF_ITS_TURN = Turn.inbound_event_id == func.coalesce(InboundEvent.lead_event_id, InboundEvent.id)
