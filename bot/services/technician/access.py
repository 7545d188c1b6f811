"""Authorise reading a conversation at the desk, and audit it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import lifecycle
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import BadReference, NotFound
from bot.store.tables import AuditEntry, Conversation, Issue, Technician
from bot.triage.reading.tech_reference import find_references

READ, READ_LIST = "desk.read", "desk.queue"
# A technician who works in a conversation reads it all the time: one row covers this period.
ONE_READING = timedelta(minutes=15)
QUERY_LIMIT = 200
SEES_ALL = ("supervisor", "admin")


async def open_conversation(ctx: Context, technician: Technician, conversation_id: str) -> None:
    """Authorise the technician to read the conversation, and audit it.

    A conversation without an issue is between the customer and the assistant: only supervisors and admins read it.
    Raises NotFound, which looks the same for one that does not exist.
    """
    now = ctx.clock()
    async with ctx.db.read() as session:
        conversation = await load_readable(session, technician, conversation_id)
        lately = select(AuditEntry.id).where(
            AuditEntry.conversation_id == conversation_id,
            AuditEntry.action == READ,
            AuditEntry.actor == audit.technician_actor(technician),
            AuditEntry.at > now - ONE_READING,
        )
        if await session.scalar(lately.limit(1)) is not None:
            return
    async with ctx.db.write() as session:
        audit.record(session, audit.technician_actor(technician), READ, now, conversation=conversation)


async def read_lately(session: AsyncSession, technician: Technician, now: datetime) -> bool:
    """Return True when an audit row of the last minutes covers the technician's view of the queue."""
    lately = select(AuditEntry.id).where(
        AuditEntry.at > now - ONE_READING,
        AuditEntry.action == READ_LIST,
        AuditEntry.actor == audit.technician_actor(technician),
    )
    return await session.scalar(lately.limit(1)) is not None


async def record_list(ctx: Context, technician: Technician, known: bool, now: datetime) -> None:
    """Audit the view of a list, which holds names and contacts: one row per quarter of an hour."""
    if known:
        return
    async with ctx.db.write() as session:
        audit.record(session, audit.technician_actor(technician), READ_LIST, now)


async def load_readable(session: AsyncSession, technician: Technician, conversation_id: str) -> Conversation:
    """Return the conversation, if this technician may read it; raise NotFound."""
    conversation = await lifecycle.load(session, conversation_id)
    if technician.role in SEES_ALL:
        return conversation
    logged = select(Issue.id).where(Issue.conversation_id == conversation_id).limit(1)
    if await session.scalar(logged) is None:
        raise NotFound("There is no such conversation for you.")
    return conversation


async def readable_issue(
    session: AsyncSession, ctx: Context, technician: Technician, reference: str, *, lock: bool = False
) -> tuple[Issue, Conversation]:
    """Return the issue of a reference in any spelling, and its conversation, if the technician may read them.

    With ``lock`` the conversation is locked. Raises Invalid (``bad_reference``) or NotFound.
    """
    issue, conversation = await logged_issue(session, reference, lock=lock)
    await load_readable(session, technician, conversation.id)
    return issue, conversation


async def logged_issue(session: AsyncSession, reference: str, *, lock: bool = False) -> tuple[Issue, Conversation]:
    """Return the issue of a reference in any spelling, and its conversation, for whoever may read every logged issue.

    With ``lock`` the conversation is locked. Raises Invalid (``bad_reference``) or NotFound.
    """
    named = select(Issue.id, Issue.conversation_id).where(Issue.reference == read_reference(reference))
    found = (await session.execute(named)).first()
    if found is None:
        raise NotFound("No issue has this reference.")
    conversation = await lifecycle.load(session, found.conversation_id, lock=lock, erased=True)
    return await session.get_one(Issue, found.id), conversation


async def conversation_of(session: AsyncSession, reference: str) -> str:
    """Return the id of the conversation of a reference in any spelling, to lock it; raises as ``readable_issue``."""
    named = select(Issue.conversation_id).where(Issue.reference == read_reference(reference))
    found: str | None = await session.scalar(named)
    if found is None:
        raise NotFound("No issue has this reference.")
    return found


def read_reference(written: str) -> str:
    """Parse a reference in any spelling; raise Invalid (``bad_reference``)."""
    found = find_references(written[:QUERY_LIMIT])
    valid = next((one for one in found if one.valid), None)
    if valid is not None:
        return valid.reference
    if found:
        raise BadReference(
            f"{found[0].reference} cannot be right: a digit is wrong or missing. Ask for it again.",
        )
    raise BadReference("That is not a Tech Reference; one looks like TR-483-920-179.")
