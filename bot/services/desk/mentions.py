"""Colleagues who are mentioned in private notes: stored with the note, listed until they have read the conversation."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypedDict

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.core.topics import DESK
from bot.services.desk.last_words import preview
from bot.services.technician.access import SEES_ALL
from bot.store.tables import Conversation, Issue, Mention, Note, Technician
from bot.store.unit_of_work import after_commit
from bot.triage.text.mentioned_names import mentioned

MOST_LISTED = 30
LISTED_FOR = timedelta(days=14)


class MentionView(TypedDict):
    """A mention of the technician who reads it. ``said``: the beginning of the note."""

    id: int
    conversation_id: str
    reference: str | None
    title: str
    team: str
    by: str
    said: str
    at: str
    unread: bool


async def store_mentions(session: AsyncSession, ctx: Context, note: Note, writer: Technician) -> list[str]:
    """Store whom the note mentions, and return their names; nobody who may not read the conversation, nor oneself."""
    if "@" not in note.text:
        return []
    active = select(Technician).where(Technician.active, Technician.id != writer.id)
    colleagues = {one.id: one for one in await session.scalars(active)}
    found = mentioned(note.text, {number: one.name for number, one in colleagues.items()})
    readers = [colleagues[number] for number in sorted(found) if await _may_read(session, note, colleagues[number])]
    for reader in readers:
        session.add(
            Mention(
                note_id=note.id,
                technician_id=reader.id,
                conversation_id=note.conversation_id,
                created_at=note.created_at,
            )
        )
    if readers:
        after_commit(session, ctx.wake, DESK)
    return [reader.name for reader in readers]


async def _may_read(session: AsyncSession, note: Note, reader: Technician) -> bool:
    if reader.role in SEES_ALL:
        return True
    logged = select(Issue.id).where(Issue.conversation_id == note.conversation_id)
    return await session.scalar(logged.limit(1)) is not None


async def mark_mentions_read(session: AsyncSession, ctx: Context, technician: Technician, conversation_id: str) -> None:
    """Note that the technician has read the conversation in which they are mentioned."""
    unread = update(Mention).where(
        Mention.technician_id == technician.id,
        Mention.conversation_id == conversation_id,
        Mention.read_at.is_(None),
    )
    changed = await session.execute(unread.values(read_at=ctx.clock()).returning(Mention.id))
    if changed.first() is not None:
        after_commit(session, ctx.wake, DESK)


async def mentions_of(
    session: AsyncSession, ctx: Context, technician: Technician, *, unread_only: bool = False
) -> list[MentionView]:
    """Return the technician's mentions of the last two weeks, the newest first. One query."""
    query = (
        select(Mention, Note.text, Technician.name.label("writer"), Issue)
        .join(Note, Note.id == Mention.note_id)
        .join(Technician, Technician.id == Note.technician_id)
        .join(Conversation, Conversation.id == Mention.conversation_id)
        .outerjoin(Issue, Issue.id == Conversation.issue_id)
        .where(Mention.technician_id == technician.id, Mention.created_at > ctx.clock() - LISTED_FOR)
        .order_by(Mention.id.desc())
        .limit(MOST_LISTED)
    )
    if unread_only:
        query = query.where(Mention.read_at.is_(None))
    return [_view(row._mapping) for row in await session.execute(query)]


def _view(row: Mapping[Any, Any]) -> MentionView:
    mention, issue = row[Mention], row[Issue]
    return MentionView(
        id=mention.id,
        conversation_id=mention.conversation_id,
        reference=issue.reference if issue else None,
        title=issue.title if issue else "",
        team=issue.team if issue else "",
        by=row["writer"],
        said=preview(row[Note.text]),
        at=mention.created_at.isoformat(),
        unread=mention.read_at is None,
    )
