"""Store technicians' messages to the customer and their private notes."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.channel import receive
from bot.services.conversation import lifecycle, thread_privacy, transcript
from bot.services.conversation.masking import mask_split_card
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import ClientMessageIdReused, Invalid
from bot.services.core.input_text import checked_text
from bot.services.core.topics import DESK
from bot.services.desk import mentions
from bot.services.desk.conversation_news import own_id, shown_note
from bot.services.hand_off import transitions
from bot.services.issue import issue_status
from bot.services.technician import access
from bot.store.lookup import its_issue
from bot.store.tables import Conversation, Message, Note, Technician
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.issue.issue_status import IssueStatus
from bot.triage.privacy.redaction import redact_cards

CLIENT_ID_LIMIT = 150


def parse(body: object) -> receive.Incoming:
    """Read the body of a technician's message; raises Invalid with the field's name."""
    incoming = receive.parse(body)
    if incoming.choice is not None:
        raise Invalid("A technician's message is text, not a choice; nothing was stored.")
    if len(incoming.client_message_id) > CLIENT_ID_LIMIT:
        raise Invalid(f"client_message_id may have {CLIENT_ID_LIMIT} characters; nothing was stored.")
    return replace(incoming, text=redact_cards(incoming.text or "").text)


async def send_within(
    session: AsyncSession, ctx: Context, technician: Technician, conversation_id: str, incoming: receive.Incoming
) -> receive.Accepted:
    """Store a technician's message for the customer; the same id again gives back the first row.

    From now on the issue waits for the customer. Raises Conflict: ``not_owner``, or an id used for another
    body.
    """
    now = ctx.clock()
    await lifecycle.load(session, conversation_id, lock=True)
    repeated = await sent_before(session, technician, conversation_id, incoming)
    if repeated is not None:
        return repeated
    conversation = await transitions.owned_by(session, conversation_id, technician)
    left = await mask_split_card(session, ctx, conversation, "technician", incoming.text or "")
    text = incoming.text or "" if left is None else left
    message = await transcript.append_message(
        session,
        conversation,
        now,
        author="technician",
        author_name=technician.name,
        technician_id=technician.id,
        text=text,
        private=await _answers_in_private(session, conversation, text),
        client_message_id=own_id(technician, incoming.client_message_id),
        body_hash=incoming.body_hash() if left is None else None,
    )
    most = ctx.support.limits.files_per_message
    await receive.attach(session, conversation, message, incoming.attachments, most)
    await _await_customer(session, conversation, technician, now)
    shown = await _shown(session, message, incoming.client_message_id)
    after_commit(session, ctx.wake, conversation_id)
    after_commit(session, ctx.wake, DESK)
    return receive.Accepted(shown, repeated=False)


send_message = unit_of_work()(send_within)


async def sent_before(
    session: AsyncSession, technician: Technician, conversation_id: str, incoming: receive.Incoming
) -> receive.Accepted | None:
    """Return the message that this id was sent with before; raises Conflict when it was another one."""
    earlier = await _earlier(session, technician, conversation_id, incoming)
    if earlier is None:
        return None
    return receive.Accepted(await _shown(session, earlier, incoming.client_message_id), repeated=True)


async def _answers_in_private(session: AsyncSession, conversation: Conversation, text: str) -> bool:
    """Return whether a technician's words must not stand in a shared thread.

    They answer what was written in private, or repeat some of it.
    """
    if not await thread_privacy.is_shared(session, conversation):
        return False
    asked = await thread_privacy.last_was_private(session, conversation)
    return asked or await thread_privacy.repeats_private(session, conversation, text)


async def _earlier(
    session: AsyncSession, technician: Technician, conversation_id: str, incoming: receive.Incoming
) -> Message | None:
    earlier = await session.scalar(
        select(Message).where(
            Message.conversation_id == conversation_id,
            Message.client_message_id == own_id(technician, incoming.client_message_id),
        )
    )
    masked = earlier is not None and earlier.body_hash is None
    if earlier is not None and not masked and earlier.body_hash != incoming.body_hash():
        raise ClientMessageIdReused(
            "This client_message_id was used for another message, which is kept. Send this under a new id.",
        )
    return earlier


async def _await_customer(
    session: AsyncSession, conversation: Conversation, technician: Technician, now: datetime
) -> None:
    """It is the customer's turn, unless a reply was promised that is still to come."""
    issue = await its_issue(session, conversation)
    promised = conversation.promised_until is not None and conversation.promised_until > now
    if issue is not None and not promised:
        actor = audit.technician_actor(technician)
        issue_status.change_status(session, issue, IssueStatus.WAITING_CUSTOMER, actor=actor, now=now)


async def _shown(session: AsyncSession, message: Message, client_message_id: str) -> dict[str, Any]:
    public = (await transcript.public_messages(session, [message]))[0]
    return {**public, "client_message_id": client_message_id}


async def add_note_in(
    session: AsyncSession, ctx: Context, technician: Technician, conversation_id: str, text: object
) -> dict[str, Any]:
    """Keep a private note behind the newest message; whoever may read the conversation may add one.

    ``mentioned`` are the names of the colleagues who are notified of it.
    """
    clean = redact_cards(checked_text(text)).text
    now = ctx.clock()
    conversation = await lifecycle.load(session, conversation_id, lock=True)
    await access.load_readable(session, technician, conversation_id)
    note = Note(
        conversation_id=conversation_id,
        technician_id=technician.id,
        after_seq=conversation.last_seq,
        text=clean,
        created_at=now,
    )
    session.add(note)
    # Other gateways notice by this stamp that there is something to look for.
    conversation.updated_at = now
    await session.flush()
    actor, details = audit.technician_actor(technician), {"note": note.id}
    audit.record(session, actor, "desk.note", now, conversation=conversation, details=details)
    named = await mentions.store_mentions(session, ctx, note, technician)
    after_commit(session, ctx.wake, conversation_id)
    return {**shown_note(note, technician.name, technician), "mentioned": named}


add_note = unit_of_work()(add_note_in)
