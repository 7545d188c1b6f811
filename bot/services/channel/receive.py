"""Accept what a customer wrote: redact, store, and leave it to the turn worker.

The message and the inbound event that owes it an answer are one transaction, so that neither exists without
the other. The same ``client_message_id`` again gives back the first row and starts nothing.
"""

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Text, bindparam, cast, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.context import CONFIDING
from bot.services.billing import contract_proof
from bot.services.channel.admission import admit, admit_choice, admit_unanswered
from bot.services.conversation import button_updates, lifecycle, transcript
from bot.services.core.context import Context
from bot.services.core.errors import ClientMessageIdReused, Invalid, UnknownAttachment, UnknownChoice
from bot.services.core.input_text import checked_text
from bot.services.core.worker_threads import READING
from bot.services.hand_off.pending_events import DONE, PENDING
from bot.services.issue import issue_status
from bot.store import issue_revision
from bot.store.lookup import by_key
from bot.store.tables import Attachment, Conversation, Customer, InboundEvent, Message
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.hand_off.ownership import Owner
from bot.triage.privacy.confidence_words import asks_for_confidence
from bot.triage.privacy.redaction import id_holds_card, redact_cards
from bot.triage.privacy.secrets_in_words import redact_passwords
from bot.triage.text.plain_text import visible

ID_LIMIT = 200
# Reading that takes longer than a millisecond or two is done beside the event loop.
# The names of the wording that tells what was removed.
Removed = tuple[str, ...]
LONG = 1_000
_EARLIER = select(Message).where(
    Message.conversation_id == bindparam("conversation_id"),
    Message.client_message_id == bindparam("client_message_id"),
)


@dataclass(frozen=True)
class Incoming:
    """A customer's message as a channel hands it in; exactly one of ``text`` and ``choice``.

    ``client`` is the network address that sent it, for limits; None where a channel stands between.
    """

    client_message_id: str
    text: str | None = None
    choice: str | None = None
    seen_seq: int | None = None
    attachments: list[str] = field(default_factory=list)
    client: str | None = None

    def body_hash(self) -> str:
        body = [self.text, self.choice, self.attachments]
        return hashlib.sha256(json.dumps(body).encode()).hexdigest()


@dataclass(frozen=True)
class Accepted:
    message: dict[str, Any]
    repeated: bool


def parse(body: object) -> Incoming:
    """Read a request body of the customer API; raises Invalid with the field's name."""
    if not isinstance(body, dict):
        raise Invalid("The body must be a JSON object; nothing was stored.")
    client_id = body.get("client_message_id")
    if not isinstance(client_id, str) or len(client_id) > ID_LIMIT or not visible(client_id).strip():
        raise Invalid(f"client_message_id must be text of 1 to {ID_LIMIT} characters; nothing was stored.")
    if id_holds_card(client_id):
        raise Invalid("client_message_id looks like a card number; nothing was stored. Use a random id.")
    text, choice = body.get("text"), body.get("choice")
    attachments = body.get("attachments") or []
    if not isinstance(attachments, list) or not all(isinstance(item, str) for item in attachments):
        raise Invalid("attachments must be a list of attachment ids; nothing was stored.")
    seen = body.get("seen_seq")
    if seen is not None and (isinstance(seen, bool) or not isinstance(seen, int)):
        raise Invalid("seen_seq must be a whole number; nothing was stored.")
    if choice is not None:
        if text is not None or not isinstance(choice, str) or not choice.strip():
            raise Invalid("Send either text or one choice id; nothing was stored.")
        return Incoming(visible(client_id), None, choice, seen, attachments)
    return Incoming(visible(client_id), checked_text(text, bool(attachments)), None, seen, attachments)


async def receive(ctx: Context, conversation_id: str, incoming: Incoming) -> Accepted:
    """Store a web customer's message and the work it asks for.

    Raises Conflict (409) when the id was used for another body, Invalid (422) for an unknown choice or file.
    """
    cleaned, redacted = await redact_incoming(incoming)
    return await _receive(ctx, conversation_id, cleaned, redacted)


@unit_of_work(priority=True)
async def _receive(
    session: AsyncSession, ctx: Context, conversation_id: str, incoming: Incoming, redacted: Removed
) -> Accepted:
    conversation = await lifecycle.load(session, conversation_id, lock=True)
    earlier = await _earlier(session, conversation_id, incoming)
    if earlier is not None:
        return Accepted((await transcript.public_messages(session, [earlier]))[0], repeated=True)
    customer = await by_key(session, Customer, conversation.customer_id)
    name = (customer.name if customer else None) or "You"
    source_id = f"{conversation_id}:{incoming.client_message_id}"
    message = await accept(session, ctx, conversation, incoming, source="web", source_id=source_id, author_name=name)
    if redacted:
        await post_redaction_notice(session, ctx, conversation, redacted)
    shown = (
        (await transcript.public_messages(session, [message]))[0]
        if incoming.attachments
        else transcript.message_view(message)
    )
    after_commit(session, ctx.work, conversation_id)
    after_commit(session, ctx.wake, conversation_id)
    return Accepted(shown, repeated=False)


async def redact_incoming(incoming: Incoming) -> tuple[Incoming, Removed]:
    """Return the message without card numbers and passwords, and what it held. Nothing is derived before, not even its
    hash.

    A long text is read on a thread, and always before the database is locked.
    """
    text = incoming.text or ""
    clean, removed = await READING.run(redact, text) if len(text) > LONG else redact(text)
    return replace(incoming, text=None if incoming.text is None else clean), removed


def redact(text: str) -> tuple[str, Removed]:
    """Return the text without card numbers and passwords, and the names of the wording that says so."""
    cards = redact_cards(text)
    secrets = redact_passwords(cards.text)
    found = {"card_number_removed": cards.found, "password_removed": secrets.found}
    return secrets.text, tuple(name for name, is_found in found.items() if is_found)


async def post_redaction_notice(
    session: AsyncSession, ctx: Context, conversation: Conversation, removed: Removed, *, private: bool = False
) -> None:
    """Tell the customer what was removed, where they wrote it."""
    wording = ctx.support_for(conversation).wording
    words = "\n\n".join(getattr(wording, name) for name in removed)
    await transcript.say(
        session, conversation, ctx.clock(), words, author_name=ctx.office_for(conversation).company, private=private
    )


async def accept(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    incoming: Incoming,
    *,
    source: str,
    source_id: str,
    author_name: str,
    channel_user_id: int | None = None,
    not_before: datetime | None = None,
    private: bool = False,
    answered: bool = True,
    chosen: dict[str, Any] | None = None,
) -> Message:
    """Store a message, already redacted, with the event that owes it an answer; raises Invalid.

    What the door takes out of it, seen beside the messages before, is told to the customer at once. Its turn does not
    begin before ``not_before``. ``private``: it was written where nobody else reads along. What is not to be
    ``answered`` changes nothing besides. ``chosen`` is a choice that no message of ours offered: a command outside.
    """
    now = ctx.clock()
    if chosen is None and incoming.choice:
        chosen = await _chosen(session, conversation, incoming.choice)
    if chosen:
        admitted = await admit_choice(session, ctx, conversation, chosen)
    elif answered:
        admitted = await admit(session, ctx, conversation, incoming.text or "", incoming.client)
    else:
        admitted = await admit_unanswered(session, ctx, conversation, incoming.text or "")
    if answered:
        conversation.customer_seen_at = now
    message = await transcript.append_message(
        session,
        conversation,
        now,
        author="customer",
        author_name=author_name,
        text=admitted.text,
        chosen=chosen,
        client_message_id=incoming.client_message_id,
        # The hash of a few digits would tell them: without one, the same id alone makes it the same message.
        body_hash=incoming.body_hash() if admitted.as_written else None,
        seen_seq=incoming.seen_seq,
        channel_user_id=channel_user_id,
        private=private or conversation.pending_question == CONFIDING or asks_for_confidence(admitted.text),
    )
    answers = chosen is not None and chosen["payload"] != contract_proof.CHOICE
    if answers and conversation.channel != transcript.READ_IN_PLACE:
        await button_updates.close_chosen(session, conversation, message, now)
    await attach(session, conversation, message, incoming.attachments, ctx.support.limits.files_per_message)
    # What is written to a technician is theirs to answer, whoever has the conversation a moment later.
    owes_turn = admitted.owes_turn and conversation.owner != Owner.TECHNICIAN
    if admitted.owes_turn and not owes_turn:
        await issue_status.note_reply(session, conversation, now)
    session.add(
        InboundEvent(
            source=source,
            source_id=source_id,
            conversation_id=conversation.id,
            message_id=message.id,
            status=PENDING if owes_turn else DONE,
            not_before=not_before,
            created_at=now,
            done_at=None if owes_turn else now,
        )
    )
    if admitted.reply:
        private = message.private or admitted.confidential
        company = ctx.office_for(conversation).company
        await transcript.say(session, conversation, now, admitted.reply, author_name=company, private=private)
    return message


async def _earlier(session: AsyncSession, conversation_id: str, incoming: Incoming) -> Message | None:
    same = {"conversation_id": conversation_id, "client_message_id": incoming.client_message_id}
    earlier: Message | None = await session.scalar(_EARLIER, same)
    masked = earlier is not None and earlier.body_hash is None
    if earlier is not None and not masked and earlier.body_hash != incoming.body_hash():
        raise ClientMessageIdReused(
            "This client_message_id was used for another message, which is kept. Send the new one under a new id.",
        )
    return earlier


async def _chosen(session: AsyncSession, conversation: Conversation, choice_id: str) -> dict[str, Any]:
    """Return the choice as it was offered, with the ``seq`` and ``epoch`` of the message that offered it."""
    offered = select(Message).where(
        Message.conversation_id == conversation.id,
        Message.author != "customer",
        cast(Message.choices, Text).contains(choice_id, autoescape=True),
    )
    for message in await session.scalars(offered):
        for choice in message.choices:
            if choice["id"] == choice_id:
                return {**choice, "seq": message.seq, "epoch": message.epoch}
    raise UnknownChoice(
        "That choice was never offered in this conversation; nothing was stored. Type your answer instead.",
    )


async def attach(
    session: AsyncSession, conversation: Conversation, message: Message, attachment_ids: list[str], most: int
) -> None:
    """Let uploaded files of this conversation belong to the message; raises Invalid for any other, or too many."""
    if len(attachment_ids) > most:
        raise Invalid(f"A message may have {most} files; nothing was stored. Send the others with another message.")
    for attachment_id in attachment_ids:
        taken = await session.execute(
            update(Attachment)
            .where(
                Attachment.id == attachment_id,
                Attachment.conversation_id == conversation.id,
                Attachment.message_id.is_(None),
            )
            .values(message_id=message.id)
            .returning(Attachment.id)
        )
        if taken.first() is None:
            raise UnknownAttachment(
                "An attachment is unknown or was sent already; nothing was stored. Attach the file again.",
            )
    if attachment_ids:
        await issue_revision.advance(session, conversation.id)
