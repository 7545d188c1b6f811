"""Files that came with a message from outside: owed in its transaction, fetched afterwards, kept or refused."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypedDict

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import attachments, lifecycle, transcript
from bot.services.conversation.file_names import safe_name
from bot.services.conversation.transcript import AttachmentView
from bot.services.core.backoff import backoff
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NotFound
from bot.store.tables import Attachment, Message
from bot.store.tables import IncomingFile as IncomingFile
from bot.store.unit_of_work import after_commit, unit_of_work

PENDING, KEPT, REFUSED = "pending", "kept", "refused"
# How long one gateway has for a file before another may try.
CLAIM = timedelta(minutes=2)
GIVE_UP = timedelta(hours=24)


@dataclass(frozen=True)
class SentFile:
    """A file that came along. ``source`` is what the channel needs in order to fetch it."""

    name: str
    source: dict[str, Any]


def enqueue_files(
    session: AsyncSession,
    ctx: Context,
    channel: str,
    conversation_id: str,
    message_id: int,
    files: tuple[SentFile, ...],
) -> None:
    """Write down that these files of a message must be fetched."""
    now = ctx.clock()
    session.add_all(
        IncomingFile(
            channel=channel,
            conversation_id=conversation_id,
            message_id=message_id,
            name=safe_name(file.name),
            source=file.source,
            next_at=now,
            created_at=now,
        )
        for file in files
    )


async def claim_file(ctx: Context, channel: str) -> IncomingFile | None:
    """Return the next file that is due, for two minutes ours alone; None when there is none."""
    now = ctx.clock()
    due = select(IncomingFile).where(
        IncomingFile.channel == channel, IncomingFile.status == PENDING, IncomingFile.next_at <= now
    )
    async with ctx.db.read() as session:
        file: IncomingFile | None = await session.scalar(due.order_by(IncomingFile.next_at).limit(1))
    if file is None:
        return None
    mine = update(IncomingFile).where(IncomingFile.id == file.id, IncomingFile.next_at == file.next_at)
    async with ctx.db.write() as session:
        taken = await session.scalar(mine.values(next_at=now + CLAIM).returning(IncomingFile.id))
    return file if taken else await claim_file(ctx, channel)


async def keep_file(ctx: Context, file: IncomingFile, data: bytes) -> None:
    """Put the file on its message, under the name that it has by now; one that may not be kept is refused."""
    try:
        kept = await attachments.store_attachment(ctx, file.conversation_id, file.name, data)
    except Invalid as error:
        await refuse_file(ctx, file, error.code)
        return
    except NotFound:  # the conversation was erased, and what was still to come with it
        return
    await _put_on_message(ctx, file, kept["attachment_id"], kept["name"])


@unit_of_work()
async def _put_on_message(
    session: AsyncSession, ctx: Context, file: IncomingFile, attachment_id: str, name: str
) -> None:
    conversation = await lifecycle.load(session, file.conversation_id, lock=True)
    row = await session.get_one(IncomingFile, file.id)
    if row.status != PENDING:
        return
    (await session.get_one(Attachment, attachment_id)).message_id = file.message_id
    row.status, row.error, row.name = KEPT, None, name
    conversation.updated_at = ctx.clock()
    after_commit(session, ctx.wake, file.conversation_id)


@unit_of_work()
async def refuse_file(session: AsyncSession, ctx: Context, file: IncomingFile, why: str) -> None:
    """Not kept: the customer is told, so that nobody believes we have it."""
    now, limits = ctx.clock(), ctx.support.limits
    types, megabytes = ", ".join(limits.file_types), limits.file_bytes // 2**20
    conversation = await lifecycle.load(session, file.conversation_id, lock=True)
    row = await session.get_one(IncomingFile, file.id)
    if row.status != PENDING:
        return
    row.status, row.error = REFUSED, why[:100]
    words = ctx.support_for(conversation).wording.file_refused.format(types=types, megabytes=megabytes)
    private = (await session.get_one(Message, file.message_id)).private
    await transcript.say(
        session, conversation, now, words, author_name=ctx.office_for(conversation).company, private=private
    )
    after_commit(session, ctx.wake, file.conversation_id)


async def retry_file_later(ctx: Context, file: IncomingFile, why: str) -> None:
    """Try again after a growing wait, for a day."""
    now = ctx.clock()
    if now - file.created_at > GIVE_UP:
        await refuse_file(ctx, file, why)
        return
    async with ctx.db.write() as session:
        row = await session.get_one(IncomingFile, file.id)
        row.attempts, row.error = row.attempts + 1, why[:100]
        row.next_at = now + timedelta(seconds=backoff(row.attempts))


class LateFile(TypedDict):
    """A file that came later than its message, with the files of that message."""

    seq: int
    name: str
    status: str
    files: list[AttachmentView]


async def late_files_view(session: AsyncSession, conversation_id: str) -> list[LateFile]:
    """Return every file that came later than its message."""
    query = (
        select(IncomingFile, Message.seq, Message)
        .join(Message, Message.id == IncomingFile.message_id)
        .where(IncomingFile.conversation_id == conversation_id)
        .order_by(IncomingFile.id)
    )
    rows = (await session.execute(query)).all()
    public = await transcript.public_messages(session, list({message.id: message for _, _, message in rows}.values()))
    files = {message["seq"]: message["attachments"] for message in public}
    return [{"seq": seq, "name": file.name, "status": file.status, "files": files[seq]} for file, seq, _ in rows]
