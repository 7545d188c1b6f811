"""The transcript: the only place that gives a message its seq, and its public form."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import bundles, button_updates, staff_items, thread_privacy
from bot.store.tables import Attachment, Conversation, Message
from bot.triage.privacy.redaction import WithoutCards, redact_cards
from bot.triage.text.content import content_of

# Whose messages files are put on, by the message's id.
WITH_FILES = ("customer", "technician")
# Whose words answer what the customer wrote; a notice of the gateway does not.
ANSWERING_AUTHORS = ("assistant", "technician")
# Web customers read the transcript themselves; every other channel must be sent what we say.
READ_IN_PLACE = "web"
# Who telephones reads nothing: what is written is kept for technicians, and is delivered nowhere.
SPOKEN = "phone"
# What people read of choices and cards; ids and addresses stay as they are.
_READ = ("title", "excerpt", "payload")
_AFTER = (
    select(Message)
    .where(Message.conversation_id == bindparam("conversation_id"), Message.seq > bindparam("after_seq"))
    .order_by(Message.seq)
)
_FILES = (
    select(Attachment)
    .where(Attachment.message_id.in_(bindparam("message_ids", expanding=True)))
    .order_by(Attachment.created_at)
)


async def append_message(session: AsyncSession, conversation: Conversation, now: datetime, **fields: Any) -> Message:
    """Store a message under the conversation's next ``seq``. The conversation's row must be locked.

    What we say in a conversation of Slack or Teams is queued in the outbox from the same moment on, together with what
    this transaction said right before it. Whoever speaks, and whatever the words were taken from: no card number is
    stored.
    """
    fields |= {name: _without_cards(fields[name]) for name in ("text", "choices", "cards") if name in fields}
    conversation.last_seq += 1
    conversation.updated_at = now
    message = Message(
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        epoch=conversation.epoch,
        created_at=now,
        **fields,
    )
    session.add(message)
    if message.author in WITH_FILES or conversation.channel != READ_IN_PLACE:
        await session.flush()  # something will name the message by its id
    if message.author != "customer" and conversation.channel not in (READ_IN_PLACE, SPOKEN):
        begun = bundles.queue_message(session, conversation, message, now)
        if begun and message.author in ANSWERING_AUTHORS:
            await button_updates.close_answered(session, conversation, now)
    await staff_items.enqueue_said(session, conversation, message, now)
    return message


def _without_cards(value: Any) -> Any:
    """Return the same words, titles and excerpts without card numbers; what was searched at the door is not again."""
    if isinstance(value, WithoutCards):
        return str(value)
    if isinstance(value, str):
        return redact_cards(value).text
    if isinstance(value, list):
        return [_without_cards(one) for one in value]
    if isinstance(value, dict):
        return {name: _without_cards(one) if name in _READ else one for name, one in value.items()}
    return value


async def say(
    session: AsyncSession,
    conversation: Conversation,
    now: datetime,
    text: str,
    *,
    author_name: str,
    author: str = "system",
    choices: Sequence[dict[str, str]] = (),
    cards: Sequence[dict[str, str]] = (),
    reference: str | None = None,
    private: bool = False,
    asks: bool = False,
) -> Message:
    """Store something the assistant or the system says; choices get the ids that customers send back.

    ``asks``: it puts the present question of the draft. What may not be read by others in a shared thread becomes
    ``private`` by itself.
    """
    shown = [*(choice["title"] for choice in choices), *(words for card in cards for words in _words_of(card))]
    private = private or await thread_privacy.must_be_private(session, conversation, text, shown=shown, asks=asks)
    return await append_message(
        session,
        conversation,
        now,
        author=author,
        author_name=author_name,
        text=text,
        choices=[{"id": secrets.token_hex(8), **choice} for choice in choices],
        cards=list(cards),
        reference=reference,
        private=private,
    )


def _words_of(card: dict[str, str]) -> list[str]:
    return [card[name] for name in _READ if card.get(name)]


async def messages_after(
    session: AsyncSession, conversation_id: str, after_seq: int, limit: int | None = None
) -> list[dict[str, Any]]:
    """Return the messages after ``after_seq`` in order, all or at most ``limit``, as the HTTP contract shows them."""
    query = _AFTER if limit is None else _AFTER.limit(limit)
    found = await session.scalars(query, {"conversation_id": conversation_id, "after_seq": after_seq})
    return await public_messages(session, list(found))


async def messages_before(
    session: AsyncSession, conversation_id: str, before_seq: int, limit: int
) -> list[dict[str, Any]]:
    """Return the newest ``limit`` messages before ``before_seq``, in order, as the HTTP contract shows them."""
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.seq < before_seq)
        .order_by(Message.seq.desc())
        .limit(limit)
    )
    return await public_messages(session, list(await session.scalars(query))[::-1])


def note_revision(conversation: Conversation, message: Message, now: datetime) -> None:
    """The stored message now shows something else than before: open chats are to be told (``message_updated``)."""
    message.revision += 1
    conversation.revisions += 1
    conversation.updated_at = now


async def messages_changed(
    session: AsyncSession, conversation_id: str, up_to_seq: int
) -> list[tuple[int, dict[str, Any]]]:
    """(revision, message) of what was changed after it was stored, up to this seq: a masked card number."""
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.revision > 1, Message.seq <= up_to_seq)
        .order_by(Message.seq)
    )
    messages = list(await session.scalars(query))
    now_shown = await public_messages(session, messages)
    return [(message.revision, one) for message, one in zip(messages, now_shown, strict=True)]


async def public_messages(session: AsyncSession, messages: Sequence[Message]) -> list[dict[str, Any]]:
    """Messages as customers and technicians may see them: choices without their payloads."""
    files = await _attachments(session, [message.id for message in messages if message.author in WITH_FILES])
    return [message_view(message, files.get(message.id, [])) for message in messages]


def message_view(message: Message, files: Iterable[Attachment] = ()) -> dict[str, Any]:
    """Return one message whose files are known."""
    fields = {
        "seq": message.seq,
        "author": message.author,
        "author_name": message.author_name,
        "text": message.text,
        "content": content_of(message.text, by_customer=message.author == "customer"),
        "choices": [{"id": choice["id"], "title": choice["title"]} for choice in message.choices],
        "cards": message.cards,
        "attachments": [attachment_view(file) for file in files],
        "created_at": message.created_at.isoformat(),
    }
    if message.private:
        fields["private"] = True
    if message.author == "customer" and message.client_message_id:
        fields["client_message_id"] = message.client_message_id
    return fields


class AttachmentView(TypedDict):
    """A file of a message, without its bytes."""

    attachment_id: str
    name: str
    size: int
    content_type: str


def attachment_view(file: Attachment) -> AttachmentView:
    return {
        "attachment_id": file.id,
        "name": file.name,
        "size": file.size,
        "content_type": file.content_type,
    }


async def _attachments(session: AsyncSession, message_ids: list[int]) -> dict[int, list[Attachment]]:
    found: dict[int, list[Attachment]] = {}
    if not message_ids:
        return found
    for file in await session.scalars(_FILES, {"message_ids": message_ids}):
        found.setdefault(file.message_id or 0, []).append(file)
    return found
