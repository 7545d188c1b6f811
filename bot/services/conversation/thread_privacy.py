"""What may not be said in a thread that others read: contact details, money, what only the technician should know."""

import re

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.intake.draft import CONTACT, TECHNICIAN_ONLY
from bot.store.tables import ChannelThread, Conversation, Intake, IntakeAnswer

_MONEY = re.compile(
    r"[$€£¥]\s?\d|\b\d[\d.,]*\s?(?:USD|EUR|GBP|CHF|CAD|AUD|JPY)\b|\b(?:USD|EUR|GBP|CHF|CAD|AUD|JPY)\s?\d|"
    r"\b(?:prepaid|pay ahead|paid ahead|hourly rate)\b",
    re.IGNORECASE,
)


async def must_be_private(session: AsyncSession, conversation: Conversation, text: str, *, asks: bool = False) -> bool:
    """Whether only the customer may read these words of ours. ``asks``: they put the draft's present question."""
    if conversation.channel == "web" or not await _is_shared(session, conversation):
        return False
    if _MONEY.search(text) or (asks and await asks_for_private(session, conversation)):
        return True
    return any(value in text for value in await _private_values(session, conversation))


async def _is_shared(session: AsyncSession, conversation: Conversation) -> bool:
    thread = await session.get(ChannelThread, conversation.id)
    return thread is not None and thread.shared


async def asks_for_private(session: AsyncSession, conversation: Conversation) -> bool:
    """Whether the draft's present question is one whose answer others must not read."""
    newest = select(Intake).where(Intake.conversation_id == conversation.id).order_by(Intake.id.desc()).limit(1)
    intake = await session.scalar(newest)
    return intake is not None and intake.state == "open" and (intake.asking == CONTACT or intake.asking_private)


async def _private_values(session: AsyncSession, conversation: Conversation) -> list[str]:
    query = (
        select(IntakeAnswer)
        .join(Intake, Intake.id == IntakeAnswer.intake_id)
        .where(
            Intake.conversation_id == conversation.id,
            (IntakeAnswer.question_id == CONTACT) | (IntakeAnswer.visibility == TECHNICIAN_ONLY),
        )
    )
    answers = await session.scalars(query)
    return [part.strip() for answer in answers for part in answer.value.split(",") if len(part.strip()) > 3]
