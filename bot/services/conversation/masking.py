"""Take words out of a message that is stored already, and out of everything that was made of it."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import transcript
from bot.services.core import erased_words
from bot.services.core.context import Context
from bot.services.intake import draft
from bot.store.tables import (
    Conversation,
    HandOff,
    Intake,
    IntakeAnswer,
    Issue,
    Message,
    MessageChange,
    Note,
    OutboxItem,
    SearchRecord,
)
from bot.triage.privacy.card_words import names_card
from bot.triage.privacy.split_cards import LONGEST_PIECE, split_card
from bot.triage.text.plain_text import fold

# A card number is rarely spread over more, and rarely over a longer time.
MOST_PIECES, LONGEST = 20, timedelta(minutes=20)
# Whose mention of a card tells that digits are one's: not the assistant's, whose prices name the brands.
TELLING_AUTHORS = ("customer", "technician")


async def mask_message(
    session: AsyncSession, ctx: Context, conversation: Conversation, message: Message, text: str
) -> None:
    """Let the message say ``text`` instead; open chats are told (``message_updated``).

    Its body's hash goes too: of a few digits it would tell them.
    """
    before = message.text
    message.text, message.body_hash = text, None
    transcript.note_revision(conversation, message, ctx.clock())
    await _replace_copies(session, ctx, conversation, before, text)
    await erased_words.note_erased(session, ctx)


async def _replace_copies(
    session: AsyncSession, ctx: Context, conversation: Conversation, before: str, after: str
) -> None:
    """Replace the words wherever they were copied: answers, titles, searches, mails, edits, notes of a hand-off."""
    if not before.strip():
        return
    answers = select(IntakeAnswer).join(Intake).where(Intake.conversation_id == conversation.id)
    for answer in await session.scalars(answers):
        answer.value = answer.value.replace(before, after)
    for search in await session.scalars(select(SearchRecord).where(SearchRecord.conversation_id == conversation.id)):
        search.question = search.question.replace(before, after)
    for item in await session.scalars(select(OutboxItem).where(OutboxItem.conversation_id == conversation.id)):
        if item.payload and item.payload.get("text"):
            item.payload = {**item.payload, "text": item.payload["text"].replace(before, after)}
    for change in await session.scalars(select(MessageChange).where(MessageChange.conversation_id == conversation.id)):
        change.text = change.text.replace(before, after) if change.text else change.text
    for note in await session.scalars(select(Note).where(Note.conversation_id == conversation.id)):
        note.text = note.text.replace(before, after)
    for hand_off in await session.scalars(select(HandOff).where(HandOff.conversation_id == conversation.id)):
        hand_off.note = hand_off.note.replace(before, after) if hand_off.note else hand_off.note
    await session.flush()
    for issue in await session.scalars(select(Issue).where(Issue.conversation_id == conversation.id)):
        issue.title = (await draft.draft_of_issue(session, ctx.office_for(issue), issue)).title


async def mask_split_card(
    session: AsyncSession, ctx: Context, conversation: Conversation, author: str, text: str
) -> str | None:
    """Return what is left of ``text`` when it ends a card number that the author's earlier messages began.

    The earlier pieces are masked where they are stored. None when there is no such number. Texts longer than a piece
    are not read, so that the work is bounded while the conversation is locked.
    """
    if len(text) > LONGEST_PIECE or not any(char.isdigit() for char in text):
        return None
    lately = await _lately(session, ctx, conversation)
    pieces = [one for one in lately if one.author == author][-(MOST_PIECES - 1) :]
    told = any(one.author in TELLING_AUTHORS and names_card(fold(one.text)) for one in lately)
    masked = split_card([*(piece.text for piece in pieces), text], told=told)
    if masked is None:
        return None
    for piece, left in zip(pieces, masked[:-1], strict=True):
        if piece.text != left:
            await mask_message(session, ctx, conversation, piece, left)
    return masked[-1]


async def _lately(session: AsyncSession, ctx: Context, conversation: Conversation) -> list[Message]:
    """Return the last short messages of everybody, oldest first."""
    recent = (
        select(Message)
        .where(
            Message.conversation_id == conversation.id,
            Message.created_at > ctx.clock() - LONGEST,
            func.length(Message.text) <= LONGEST_PIECE,
        )
        .order_by(Message.seq.desc())
        .limit(2 * MOST_PIECES)
    )
    return list(await session.scalars(recent))[::-1]
