"""Read by rule what a customer's messages say; those of a batch are read one by one and together."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.context import MAX_TEXT, EarlierMessage, InboundMessage, NamedReference
from bot.dialogue.draft import FILE_ONLY
from bot.services.core.context import Context
from bot.services.issue import issue_state
from bot.settings.support.support import Support
from bot.store.tables import Conversation, Message
from bot.triage.privacy.confidence_words import asks_for_confidence
from bot.triage.reading.call_back import find_call_back
from bot.triage.reading.contract_claim import claims_contract
from bot.triage.reading.details import Details
from bot.triage.reading.question_parts import parts_of
from bot.triage.reading.signs import in_words
from bot.triage.reading.tech_reference import find_references

# More references in one message are a list of somebody's, not a question about one of them.
MOST_REFERENCES = 3


async def read_messages(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    messages: Sequence[Message],
    view: Support,
    *,
    is_choice: bool,
) -> InboundMessage | None:
    """Return the message, or those of a batch joined; None for no message. ``is_choice``: it is a choice's title.

    ``view`` are the settings of the product that they are about.
    """
    if not messages:
        return None
    texts = [one.text if is_choice else in_words(one.text) for one in messages]
    whole = "\n".join(filter(None, texts))
    read = [_read(view, one, text, is_choice=is_choice) for one, text in zip(messages, texts, strict=True)]
    joined = read[0] if len(read) == 1 else _read(view, messages[0], whole, is_choice=is_choice)
    return replace(
        joined,
        references=await _references(session, ctx, conversation, whole),
        private=any(one.private for one in read),
        parts=tuple(read) if len(read) > 1 else (),
    )


def read_earlier(view: Support, message: Message) -> EarlierMessage:
    """Return the facts that a message of before states; one that asks something states them beside its question."""
    whole = in_words(message.text)
    parts = parts_of(whole[:MAX_TEXT])
    stated = parts.told if parts.asked else whole
    return EarlierMessage(message.id, message.private, view.details_of(stated), find_call_back(stated))


def unread(message: Message) -> InboundMessage:
    """Return a message of which nothing is read."""
    return InboundMessage(message.id, message.revision, FILE_ONLY, message.private, 0, Details())


def without_contact(message: InboundMessage) -> InboundMessage:
    """Return a message without what holds for its writer alone: how to reach them, and whether they have a contract."""
    parts = tuple(without_contact(one) for one in message.parts)
    details = replace(message.details, email=None, phone=None)
    return replace(message, details=details, call_back=None, claims_contract=False, parts=parts)


def _read(view: Support, message: Message, whole: str, *, is_choice: bool) -> InboundMessage:
    return InboundMessage(
        id=message.id,
        revision=message.revision,
        text=whole[:MAX_TEXT] or FILE_ONLY,
        private=message.private,
        words=len(whole.split()),
        details=view.details_of(whole),
        call_back=find_call_back(whole),
        claims_contract=not is_choice and claims_contract(whole),
        asks_confidence=not is_choice and asks_for_confidence(whole),
        author=message.channel_user_id,
    )


async def _references(
    session: AsyncSession, ctx: Context, conversation: Conversation, text: str
) -> tuple[NamedReference, ...]:
    found = list({one.reference: one for one in find_references(text)}.values())
    named = []
    for place, one in enumerate(found):
        own = colleagues = None
        if one.valid and place < MOST_REFERENCES:
            own = await issue_state.own_issue_state(session, ctx, conversation, one.reference)
            if own is None:
                colleagues = await issue_state.colleagues_issue(session, ctx, conversation, one.reference)
        named.append(NamedReference(one.reference, one.valid, own, colleagues))
    return tuple(named)
