"""Messages that were edited or deleted outside after we had stored them: kept beside what we acted on."""

from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.channel import arrivals
from bot.services.channel.receive import redact
from bot.services.conversation import lifecycle
from bot.services.core.context import Context
from bot.services.core.input_text import TEXT_LIMIT
from bot.services.outbox import items
from bot.services.outbox.items import MESSAGE_CHANGE
from bot.store.tables import Message, MessageChange
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.text.plain_text import visible
from bot.triage.text.print_lines import plain

EDITED, DELETED = "edited", "deleted"


@unit_of_work(priority=True)
async def record_change(
    session: AsyncSession, ctx: Context, channel: str, outside_id: str, source_id: str, text: str | None
) -> bool:
    """Keep an edit (``text`` is what it says now) or a deletion (None); False when it is not a message of ours.

    The same change again, and an edit that changes no word, are recorded once and not at all. ``answer_change`` answers
    it.
    """
    now = ctx.clock()
    words = None if text is None else redact(visible(text).strip()[:TEXT_LIMIT])[0]
    event = await arrivals.event_of(session, channel, outside_id)
    if event is None or event.message_id is None:
        return False
    conversation = await lifecycle.load(session, event.conversation_id, lock=True, erased=True)
    if conversation.erased_at is not None:
        return False
    message = await session.get_one(Message, event.message_id)
    earlier = select(MessageChange).where(MessageChange.message_id == message.id).order_by(MessageChange.id)
    mine = list(await session.scalars(earlier))
    latest = mine[-1].text if mine else message.text
    if any(change.source_id == source_id for change in mine) or (words is not None and words == latest):
        return True
    change = MessageChange(
        conversation_id=message.conversation_id,
        message_id=message.id,
        source_id=source_id,
        kind=DELETED if words is None else EDITED,
        text=words,
        created_at=now,
    )
    session.add(change)
    await session.flush()
    await items.enqueue(
        session,
        kind=MESSAGE_CHANGE,
        key=f"change:{change.id}",
        target=f"message:{message.id}",
        now=now,
        lane=f"message:{message.id}",
        conversation_id=conversation.id,
        payload={"change": change.id},
    )
    conversation.updated_at = now
    after_commit(session, ctx.wake, conversation.id)
    return True


class ChangeView(TypedDict):
    """A change of a message by its writer outside. ``text``: the new one, None for a deletion."""

    seq: int
    kind: str
    text: str | None
    at: str


async def message_changes_view(session: AsyncSession, conversation_id: str) -> list[ChangeView]:
    """Return every change of the conversation's messages, oldest first, as the desk shows them."""
    query = (
        select(MessageChange, Message.seq)
        .join(Message, Message.id == MessageChange.message_id)
        .where(MessageChange.conversation_id == conversation_id)
        .order_by(MessageChange.id)
    )
    return [
        {
            "seq": seq,
            "kind": change.kind,
            "text": None if change.text is None else plain(change.text),
            "at": change.created_at.isoformat(),
        }
        for change, seq in await session.execute(query)
    ]
