"""Answer a how-to question from the online manual, and record whether that helped."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.store.tables import Message, SearchRecord

CARDS = 3


@dataclass(frozen=True)
class Found:
    """The result of a search. ``cards`` are empty when the search abstains."""

    cards: list[dict[str, str]]
    searched: bool


async def search_manual(ctx: Context, conversation_id: str, message_id: int | None, question: str) -> Found:
    """Return the best passages as cards, recorded once per message; ``searched`` is False without an index."""
    result = await ctx.manual.find(question, limit=CARDS)
    if result is None:
        return Found([], searched=False)
    cards = [{"title": _title(passage), "url": passage.url, "excerpt": passage.excerpt} for passage in result.passages]
    async with ctx.db.write() as session:
        if not await _recorded(session, conversation_id, message_id):
            session.add(
                SearchRecord(
                    conversation_id=conversation_id,
                    message_id=message_id,
                    question=question[:2000],
                    shown=cards if result.confident else [],
                    score=result.score,
                    confident=result.confident,
                    created_at=ctx.clock(),
                )
            )
    return Found(cards if result.confident else [], searched=True)


def _title(passage: Any) -> str:
    if passage.heading and passage.heading != passage.page_title:
        return f"{passage.page_title}: {passage.heading}"
    return str(passage.page_title)


async def _recorded(session: AsyncSession, conversation_id: str, message_id: int | None) -> bool:
    if message_id is None:
        return False
    query = select(SearchRecord.id).where(
        SearchRecord.conversation_id == conversation_id, SearchRecord.message_id == message_id
    )
    return await session.scalar(query) is not None


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
            SearchRecord.issue_id.is_(None),
            SearchRecord.solved.is_not(True),
        )
        .order_by(SearchRecord.id)
    )
    return [Asked(question, bool(private)) for question, private in rows]


async def mark_solved(ctx: Context, conversation_id: str, solved: bool) -> SearchRecord | None:
    """Record whether the last answer from the manual helped; return None when there was none."""
    async with ctx.db.write() as session:
        search = await last_search(session, conversation_id)
        if search is None or search.issue_id is not None:
            return None
        search.solved = solved
        return search
