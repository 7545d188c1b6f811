"""A message of which no turn could be made, however often it was tried: it goes to a person, unread by any machine.

Only the essentials are touched: the words as they stand become part of the problem, and the issue gets its reference
and its place in the queue. So one message that breaks us holds up neither its conversation nor the others.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.intake import draft
from bot.services.intake.draft import CONTACT
from bot.services.issue.open_issue import open_issue
from bot.services.turn.turns import Lease, Outcome, Prepared, held
from bot.store.unit_of_work import unit_of_work

BY, REASON = "set aside", "kept failing"


@unit_of_work()
async def to_a_person(session: AsyncSession, ctx: Context, lease: Lease, prepared: Prepared) -> Outcome:
    """Return what is said and done about this event instead of a turn."""
    conversation = await held(session, lease)
    current = await draft.current_draft(session, ctx.support, conversation.id)
    if current is None or (conversation.issue_id is None and current.intake.state == "done"):
        current = await draft.begin_draft(session, ctx, conversation, None)
    message_id = int(prepared.message_id) if prepared.text or prepared.payload else None
    if message_id is not None:
        text = await draft.text_of(session, conversation.id, message_id)
        await draft.add_to_problem(session, current, text or draft.FILE_ONLY, ctx.clock(), message_id)
    if CONTACT not in current.answers:
        here = ctx.support.wording.contact_is_this_chat
        await draft.save_answer(session, current, CONTACT, here, ctx.clock(), message_id=message_id)
    if conversation.issue_id is None:
        await open_issue(session, ctx, conversation, current, actor=BY)
    said = [{"text": ctx.support.wording.kept_for_a_person}]
    return Outcome(said, [{"type": "hand_off", "reason": REASON}], by=BY, reason=REASON)
