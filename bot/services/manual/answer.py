"""Record the how-to questions that were looked up in the online manual, and whether the answers helped."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.plan import RecordSearch
from bot.store.tables import Conversation, Message, SearchRecord

# The sources of a search in a conversation: a question, or a problem that was looked up beside its logging.
CHAT, BESIDE_REPORT = "chat", "report"


def record_search(session: AsyncSession, conversation: Conversation, search: RecordSearch, now: datetime) -> None:
    """Record what was searched for and the cards that were shown."""
    session.add(
        SearchRecord(
            conversation_id=conversation.id,
            message_id=search.message_id,
            product=conversation.product,
            question=search.question,
            shown=list(search.shown),
            score=search.score,
            confident=search.confident,
            source=BESIDE_REPORT if search.beside_report else CHAT,
            created_at=now,
        )
    )


async def last_search(session: AsyncSession, conversation_id: str) -> SearchRecord | None:
    """Return the newest search of the conversation, answered or not."""
    found: SearchRecord | None = await session.scalar(
        select(SearchRecord)
        .where(SearchRecord.conversation_id == conversation_id)
        .order_by(SearchRecord.id.desc())
        .limit(1)
    )
    return found


@dataclass(frozen=True)
class Asked:
    """A how-to question; ``private``: it was asked where nobody else reads along."""

    question: str
    private: bool


async def unsolved_questions(session: AsyncSession, conversation_id: str) -> list[Asked]:
    """Return the how-to questions that neither the manual nor an issue covers yet, in the order asked."""
    rows = await session.execute(
        select(SearchRecord.question, Message.private)
        .outerjoin(Message, Message.id == SearchRecord.message_id)
        .where(
            SearchRecord.conversation_id == conversation_id,
            SearchRecord.source == CHAT,
            SearchRecord.issue_id.is_(None),
            SearchRecord.solved.is_not(True),
        )
        .order_by(SearchRecord.id)
    )
    return [Asked(question, bool(private)) for question, private in rows]


async def mark_solved(session: AsyncSession, conversation: Conversation, solved: bool) -> None:
    """Record whether the last answer from the manual helped, unless an issue covers it."""
    search = await last_search(session, conversation.id)
    if search is not None and search.issue_id is None:
        search.solved = solved
