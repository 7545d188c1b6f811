"""Tell issues of which something was told in confidence: it is for support alone, and leaves by no other way."""

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.dialogue.draft import CONTACT, TECHNICIAN_ONLY
from bot.store.tables import IntakeAnswer, Issue, Message


def has_confidence() -> ColumnElement[bool]:
    """Return the condition of issues with an answer for technicians only; the contact is for nobody else anyway."""
    # Its own alias: a list of issues has the contact's answer joined to it.
    answer = aliased(IntakeAnswer)
    return exists().where(
        answer.intake_id == Issue.intake_id,
        answer.visibility == TECHNICIAN_ONLY,
        answer.question_id != CONTACT,
    )


def has_private_words() -> ColumnElement[bool]:
    """Return the condition of issues whose words may not be searched: with such an answer, or a private message."""
    message = aliased(Message)
    private = exists().where(
        message.conversation_id == Issue.conversation_id, message.author == "customer", message.private
    )
    return or_(has_confidence(), private)


async def is_confided(session: AsyncSession, issue_id: int) -> bool:
    """Return whether something of the issue was told in confidence."""
    return await session.scalar(select(Issue.id).where(Issue.id == issue_id, has_confidence())) is not None
