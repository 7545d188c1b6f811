"""Send a note that was written under a card to the customer, exactly as it was kept: by the claimant's button."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.channel.receive import Incoming
from bot.services.conversation import lifecycle
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import NoteChanged, NoteSent, NotFound
from bot.services.hand_off import transitions
from bot.services.staff_channel import wording
from bot.services.staff_channel.written import send_to_customer
from bot.store.tables import Note, StaffMessage, StaffThread, Technician
from bot.store.unit_of_work import unit_of_work


@unit_of_work()
async def send_note(session: AsyncSession, ctx: Context, technician: Technician, staff_message_id: int) -> None:
    """Send the note, once whoever presses how often.

    Raises NotFound, or Conflict: ``not_owner``, ``note_sent``, ``note_changed``.
    """
    place = select(StaffThread.conversation_id).join(StaffMessage, StaffMessage.thread_id == StaffThread.id)
    conversation_id = await session.scalar(place.where(StaffMessage.id == staff_message_id))
    if conversation_id is None:
        raise NotFound("There is no such note; nothing was sent.")
    await lifecycle.load(session, conversation_id, lock=True)
    written = await session.get_one(StaffMessage, staff_message_id, populate_existing=True)
    if written.message_id is not None:
        raise NoteSent(wording.SENT_ALREADY)
    if written.changed or written.note_id is None:
        raise NoteChanged(wording.NOTE_CHANGED)
    conversation = await transitions.owned_by(session, conversation_id, technician)
    note = await session.get_one(Note, written.note_id)
    incoming = Incoming(f"staff-note:{note.id}", text=note.text)
    written.message_id = await send_to_customer(session, ctx, technician, conversation, incoming)
    actor, details = audit.technician_actor(technician), {"note": note.id}
    audit.record(session, actor, "desk.note_sent", ctx.clock(), conversation=conversation, details=details)
