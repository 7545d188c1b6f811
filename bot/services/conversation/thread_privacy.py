"""Keep contact details, money and private messages out of a thread that others read.

Privacy belongs to the inbound message (``Message.private``): it was written in a direct message or a private form of a
conversation that is held in a shared thread, or asks for confidence. What is taken from it keeps that mark: answers by
their ``visibility``, our own messages by ``private``.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import CONTACT, REQUEST, TECHNICIAN_ONLY
from bot.store.tables import ChannelThread, Conversation, Intake, IntakeAnswer, Message
from bot.triage.privacy.confidence import quotes
from bot.triage.text.print_lines import plain

_MONEY = re.compile(
    r"[$€£¥]\s?\d|\b\d[\d.,]*\s?(?:USD|EUR|GBP|CHF|CAD|AUD|JPY)\b|\b(?:USD|EUR|GBP|CHF|CAD|AUD|JPY)\s?\d|"
    r"\b(?:prepaid|pay ahead|paid ahead|hourly rate)\b",
    re.IGNORECASE,
)
# An answer of two letters ("no") is in every other sentence.
_SHORTEST_VALUE = 4


async def must_be_private(
    session: AsyncSession, conversation: Conversation, text: str, *, shown: Iterable[str] = (), asks: bool = False
) -> bool:
    """Return whether only the customer may read these words of ours in the conversation's thread.

    ``shown`` are the titles and excerpts that go along. ``asks``: the text puts the draft's present question.
    """
    if conversation.channel == "web" or not await is_shared(session, conversation):
        return False
    if _MONEY.search(text) or (asks and await private_question(session, conversation) is not None):
        return True
    return await repeats_private(session, conversation, "\n".join((text, *shown)))


async def repeats_private(session: AsyncSession, conversation: Conversation, text: str) -> bool:
    """Return whether the text holds an answer, or four words in a row of a message, that was given in private."""
    values = await _private_values(session, conversation)
    return repeats(text, values, await _private_messages(session, conversation))


def repeats(text: str, values: Iterable[str], messages: Iterable[str]) -> bool:
    """Return whether the text holds one of the answers, or four words in a row of one of the messages."""
    return any(value in text or plain(value) in text for value in values) or quotes(text, messages)


async def confided_values(session: AsyncSession, conversation: Conversation) -> list[str]:
    """Return the answers of this conversation that were given for support's eyes only."""
    return await _private_values(session, conversation, contact=False)


@dataclass(frozen=True)
class Confided:
    """Everything that the customer said in confidence: answers for support alone, and messages written in private."""

    values: Sequence[str]
    messages: Sequence[str]

    def is_in(self, text: str) -> bool:
        """Return whether the text repeats some of it."""
        return repeats(text, self.values, self.messages)


async def confided(session: AsyncSession, conversation: Conversation) -> Confided:
    """Return all that was said in confidence in this conversation."""
    return Confided(await confided_values(session, conversation), await _private_messages(session, conversation))


async def is_shared(session: AsyncSession, conversation: Conversation) -> bool:
    """Return whether others than the customer can read along where the conversation is held."""
    thread = await session.get(ChannelThread, conversation.id)
    return thread is not None and thread.shared


async def change_readers(session: AsyncSession, thread: ChannelThread, shared: bool) -> None:
    """Set whether others read along from now on. What was written before they did is not shown to them."""
    if shared and not thread.shared:
        written = update(Message).where(
            Message.conversation_id == thread.conversation_id, Message.author == "customer", ~Message.private
        )
        await session.execute(written.values(private=True))
    thread.shared = shared


async def private_question(session: AsyncSession, conversation: Conversation) -> str | None:
    """Return the id of the draft's present question if others must not read the answer to it."""
    intake = await _open_intake(session, conversation)
    private = intake is not None and (intake.asking == CONTACT or intake.asking_private)
    return intake.asking if intake is not None and private else None


async def asks_in_public(session: AsyncSession, conversation: Conversation) -> bool:
    """Return whether the draft has a present question, and one that everybody may read."""
    intake = await _open_intake(session, conversation)
    return intake is not None and intake.asking not in (None, CONTACT) and not intake.asking_private


async def last_was_private(session: AsyncSession, conversation: Conversation) -> bool:
    """Return whether the customer's newest message was written in private."""
    newest = (
        select(Message.private)
        .where(Message.conversation_id == conversation.id, Message.author == "customer")
        .order_by(Message.seq.desc())
        .limit(1)
    )
    return bool(await session.scalar(newest))


async def _open_intake(session: AsyncSession, conversation: Conversation) -> Intake | None:
    drafts = select(Intake).where(Intake.conversation_id == conversation.id, Intake.state != REQUEST)
    newest = drafts.order_by(Intake.id.desc()).limit(1)
    intake: Intake | None = await session.scalar(newest)
    return intake if intake is not None and intake.state == "open" else None


async def _private_values(session: AsyncSession, conversation: Conversation, *, contact: bool = True) -> list[str]:
    marked = IntakeAnswer.visibility == TECHNICIAN_ONLY
    query = (
        select(IntakeAnswer)
        .join(Intake, Intake.id == IntakeAnswer.intake_id)
        .where(
            Intake.conversation_id == conversation.id,
            or_(marked, IntakeAnswer.question_id == CONTACT) if contact else marked,
        )
    )
    answers = await session.scalars(query)
    # An e-mail address and a telephone number stand in one line; elsewhere a comma belongs to the sentence.
    parts = (
        part.strip()
        for answer in answers
        for part in re.split(r"[,\n]" if answer.question_id == CONTACT else r"\n", answer.value)
    )
    return [part for part in parts if len(part) >= _SHORTEST_VALUE]


async def _private_messages(session: AsyncSession, conversation: Conversation) -> list[str]:
    written = select(Message).where(
        Message.conversation_id == conversation.id, Message.author == "customer", Message.private
    )
    # The title of a quick reply is our own sentence; a form, which no message of ours offered, has no id.
    return [one.text for one in await session.scalars(written) if one.chosen is None or not one.chosen["id"]]
