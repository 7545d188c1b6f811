"""The last words of conversations, since when customers wait for an answer, and what a technician has not read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.columns import UtcDateTime
from bot.store.tables import ConversationRead, Message, Technician
from bot.triage.text.print_lines import plain

SPEAKERS = ("customer", "technician")
PREVIEW_CHARACTERS = 120


@dataclass(frozen=True)
class LastWords:
    """The newest message of a person. ``unanswered_since``: when the customer wrote the first message that no
    technician answered, None when one wrote last. ``unread``: the customer's messages that the reader has not seen.
    """

    text: str
    author: str
    at: datetime
    unanswered_since: datetime | None = None
    unread: int = 0


async def last_words(
    session: AsyncSession, reader: Technician, conversation_ids: Collection[str]
) -> dict[str, LastWords]:
    """Return the last words of each conversation in which somebody has written, by its id. Two queries."""
    if not conversation_ids:
        return {}
    newest = (await session.execute(_newest(conversation_ids))).all()
    waits = {row.conversation_id: row for row in (await session.execute(_waits(reader, conversation_ids))).all()}
    return {row.conversation_id: _words(row, waits.get(row.conversation_id)) for row in newest}


def _words(newest: Any, waits: Any) -> LastWords:
    return LastWords(
        text=preview(newest.text),
        author=newest.author,
        at=newest.created_at,
        unanswered_since=waits.unanswered_since if waits else None,
        unread=waits.unread if waits else 0,
    )


def preview(text: str) -> str:
    """Return the beginning of a message in one line, without its notation."""
    line = " ".join(plain(text[: 4 * PREVIEW_CHARACTERS]).split())
    return line if len(line) <= PREVIEW_CHARACTERS else f"{line[: PREVIEW_CHARACTERS - 1].rstrip()}…"


def _newest(conversation_ids: Collection[str]) -> Select[Any]:
    last = (
        select(Message.conversation_id, func.max(Message.seq).label("seq"))
        .where(Message.conversation_id.in_(conversation_ids), Message.author.in_(SPEAKERS))
        .group_by(Message.conversation_id)
        .subquery()
    )
    return select(Message.conversation_id, Message.author, Message.text, Message.created_at).join(
        last, and_(last.c.conversation_id == Message.conversation_id, last.c.seq == Message.seq)
    )


def _waits(reader: Technician, conversation_ids: Collection[str]) -> Select[Any]:
    answered = (
        select(Message.conversation_id, func.max(Message.seq).label("seq"))
        .where(Message.conversation_id.in_(conversation_ids), Message.author == "technician")
        .group_by(Message.conversation_id)
        .subquery()
    )
    read = and_(
        ConversationRead.conversation_id == Message.conversation_id, ConversationRead.technician_id == reader.id
    )
    open_ones = Message.seq > func.coalesce(answered.c.seq, 0)
    unanswered_since = func.min(Message.created_at, type_=UtcDateTime).filter(open_ones)
    return (
        select(
            Message.conversation_id,
            unanswered_since.label("unanswered_since"),
            func.count().filter(Message.seq > func.coalesce(ConversationRead.seq, 0)).label("unread"),
        )
        .outerjoin(answered, answered.c.conversation_id == Message.conversation_id)
        .outerjoin(ConversationRead, read)
        .where(Message.conversation_id.in_(conversation_ids), Message.author == "customer")
        .group_by(Message.conversation_id)
    )
