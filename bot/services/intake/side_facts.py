"""Save the side facts of a message to the rows of a draft; ``bot.dialogue.intake.side_facts`` says which they are."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.intake.side_facts import side_facts
from bot.services.intake.draft import Draft, save_answer
from bot.triage.reading.call_back import find_call_back


async def fill_from(session: AsyncSession, draft: Draft, text: str, now: datetime, message_id: int | None) -> list[str]:
    """Save what a message says in passing; return the ids of the questions that were filled."""
    facts = side_facts(draft, draft.support.details_of(text), find_call_back(text))
    for question_id, value in facts.items():
        await save_answer(session, draft, question_id, value, now, message_id=message_id)
    return list(facts)
