"""A conversation as the desk follows it: messages, private notes, and how it stands for this technician."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.channel import incoming_files, message_changes
from bot.services.conversation import lifecycle, transcript
from bot.services.core.context import Context
from bot.services.desk import failed_deliveries
from bot.services.desk.labels import STATUSES, word_for
from bot.services.hand_off import phone_calls
from bot.services.hand_off.open_hand_offs import issues_of, open_hand_offs
from bot.services.technician import access
from bot.store.tables import Conversation, HandOff, Issue, Message, Note, Technician
from bot.triage.text.content import content_of

# Customers' ids are cleaned of control characters, so none can begin like this.
OWN_IDS = "t:\x1f"


# What a page shows at first; the rest comes when somebody scrolls up.
PAGE_OF_MESSAGES = 60


class IssueTogether(TypedDict):
    """One of several issues that wait or are held together."""

    reference: str
    title: str


class DeskState(lifecycle.CustomerState):
    """The state of a conversation for a technician.

    ``together``: its issues when there are several, its own first. ``call_began``, ``promised_until``: moments.
    """

    mine: bool
    hand_off_id: int | None
    together: list[IssueTogether]
    status: str | None
    status_text: str | None
    call_began: str | None
    promised_until: str | None
    revision: int
    changes: list[message_changes.ChangeView]
    files_later: list[incoming_files.LateFile]
    undelivered: list[failed_deliveries.FailedDelivery]


@dataclass(frozen=True)
class News:
    """The messages, notes and state after a reader's position."""

    state: DeskState
    messages: list[dict[str, Any]]
    notes: list[dict[str, Any]]
    changed: list[tuple[int, dict[str, Any]]]


def own_id(technician: Technician, client_message_id: str) -> str:
    """Under which id a technician's message is stored."""
    return f"{OWN_IDS}{technician.id}:{client_message_id}"


async def conversation_news(
    ctx: Context, technician: Technician, conversation_id: str, after_seq: int, after_note: int = 0
) -> News:
    """Return what this technician has not read yet; raises NotFound when they may not read it."""
    async with ctx.db.read() as session:
        conversation = await access.load_readable(session, technician, conversation_id)
        return News(
            state=await desk_state(ctx, session, conversation, technician),
            messages=(
                await messages_for_technician(session, technician, conversation_id, after_seq)
                if conversation.last_seq > after_seq
                else []
            ),
            notes=await notes_after(session, technician, conversation_id, after_note),
            changed=await transcript.messages_changed(session, conversation_id, after_seq)
            if conversation.revisions
            else [],
        )


async def messages_before(
    ctx: Context, technician: Technician, conversation_id: str, before_seq: int
) -> list[dict[str, Any]]:
    """Return up to 60 messages before ``before_seq``, the newest of them, in order; raises NotFound."""
    async with ctx.db.read() as session:
        await access.load_readable(session, technician, conversation_id)
        return await _page_before(session, technician, conversation_id, before_seq)


async def newest_news(ctx: Context, technician: Technician, conversation_id: str) -> News:
    """Return how the conversation stands, its newest 60 messages and all private notes; raises NotFound."""
    async with ctx.db.read() as session:
        conversation = await access.load_readable(session, technician, conversation_id)
        return News(
            state=await desk_state(ctx, session, conversation, technician),
            messages=await _page_before(session, technician, conversation_id, conversation.last_seq + 1),
            notes=await notes_after(session, technician, conversation_id, 0),
            changed=[],
        )


async def _page_before(
    session: AsyncSession, technician: Technician, conversation_id: str, before_seq: int
) -> list[dict[str, Any]]:
    shown = await transcript.messages_before(session, conversation_id, before_seq, PAGE_OF_MESSAGES)
    if any(message["author"] == "technician" for message in shown):
        await _name_own(session, technician, conversation_id, shown)
    return shown


async def desk_state(
    ctx: Context, session: AsyncSession, conversation: Conversation, technician: Technician
) -> DeskState:
    """Return how the conversation stands: the customer's view of it, and what a technician may do with it now."""
    hand_offs = await open_hand_offs(session, conversation)
    now = await lifecycle.load_state(session, conversation.id)
    revision = select(Issue.revision).where(Issue.id == conversation.issue_id)
    call = await phone_calls.going_on(session, conversation.id)
    promised = conversation.promised_until
    return {
        **await lifecycle.state_of(ctx, session, now),
        "mine": conversation.owner == "technician" and conversation.technician_id == technician.id,
        "hand_off_id": hand_offs[0].id if hand_offs else None,
        "together": await _together(session, hand_offs),
        "status": now.issue_status,
        "status_text": word_for(STATUSES, now.issue_status),
        "call_began": call.started_at.isoformat() if call else None,
        "promised_until": promised.isoformat() if promised else None,
        "revision": await session.scalar(revision) or 0,
        "changes": await message_changes.message_changes_view(session, conversation.id),
        "files_later": await incoming_files.late_files_view(session, conversation.id),
        "undelivered": await failed_deliveries.failed_deliveries(session, ctx, conversation.id),
    }


async def _together(session: AsyncSession, hand_offs: Sequence[HandOff]) -> list[IssueTogether]:
    """Return the issues that wait or are held together, the conversation's own first; none for a single one."""
    if len(hand_offs) < 2:
        return []
    return [{"reference": one.reference, "title": one.title} for one in await issues_of(session, hand_offs)]


async def messages_for_technician(
    session: AsyncSession, technician: Technician, conversation_id: str, after_seq: int
) -> list[dict[str, Any]]:
    """Return the messages after ``after_seq``; one's own carry the id one's browser gave them."""
    shown = await transcript.messages_after(session, conversation_id, after_seq)
    if any(message["author"] == "technician" for message in shown):
        await _name_own(session, technician, conversation_id, shown)
    return shown


async def _name_own(
    session: AsyncSession, technician: Technician, conversation_id: str, shown: Sequence[dict[str, Any]]
) -> None:
    query = select(Message.seq, Message.client_message_id).where(
        Message.conversation_id == conversation_id,
        Message.seq.between(shown[0]["seq"], shown[-1]["seq"]),
        Message.technician_id == technician.id,
    )
    own = {seq: stored for seq, stored in await session.execute(query) if stored}
    for message in shown:
        if message["seq"] in own:
            message["client_message_id"] = own[message["seq"]].removeprefix(own_id(technician, ""))


async def notes_after(
    session: AsyncSession, technician: Technician, conversation_id: str, after_note: int
) -> list[dict[str, Any]]:
    """Return the private notes after the one of id ``after_note``; the customer API has no way to them."""
    query = (
        select(Note, func.coalesce(Technician.name, Note.author_name, ""))
        .outerjoin(Technician, Technician.id == Note.technician_id)
        .where(Note.conversation_id == conversation_id, Note.id > after_note)
        .order_by(Note.id)
    )
    return [shown_note(note, name, technician) for note, name in await session.execute(query)]


def shown_note(note: Note, author_name: str, reader: Technician) -> dict[str, Any]:
    return {
        "note_id": note.id,
        "after_seq": note.after_seq,
        "author_name": author_name,
        "text": note.text,
        "content": content_of(note.text, by_customer=False),
        "created_at": note.created_at.isoformat(),
        "mine": note.technician_id == reader.id,
    }


async def is_mine(ctx: Context, technician: Technician, conversation_id: str) -> bool:
    """Return whether this technician owns the conversation now; raises NotFound when they may not read it."""
    async with ctx.db.read() as session:
        conversation = await access.load_readable(session, technician, conversation_id)
    return conversation.owner == "technician" and conversation.technician_id == technician.id
