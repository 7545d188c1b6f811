"""A technician takes out what should never have been sent: words of a message, or a file. Audited, never undone."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import attachments, lifecycle, masking, transcript
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NotFound
from bot.services.technician import access
from bot.store.tables import Attachment, Message, Technician
from bot.store.unit_of_work import after_commit, unit_of_work


@unit_of_work()
async def mask_message(
    session: AsyncSession, ctx: Context, technician: Technician, conversation_id: str, seq: int, words: object = None
) -> dict[str, Any]:
    """Take ``words`` out of a message, or all of it without; the message as it is now.

    Raises NotFound, or Invalid when the message does not hold the words.
    """
    now, removed = ctx.clock(), ctx.support.wording.removed_by_technician
    conversation = await lifecycle.load(session, conversation_id, lock=True)
    await access.load_readable(session, technician, conversation_id)
    wanted = select(Message).where(Message.conversation_id == conversation_id, Message.seq == seq)
    message = await session.scalar(wanted)
    if message is None:
        raise NotFound("There is no such message.")
    if words is not None and (not isinstance(words, str) or not words or words not in message.text):
        raise Invalid("The message does not hold these words; nothing was removed.")
    left = message.text.replace(words, removed) if isinstance(words, str) else removed
    await masking.mask_message(session, ctx, conversation, message, left)
    actor, details = audit.technician_actor(technician), {"seq": seq, "part": words is not None}
    audit.record(session, actor, "message.mask", now, conversation=conversation, details=details)
    shown = (await transcript.public_messages(session, [message]))[0]
    after_commit(session, ctx.wake, conversation_id)
    return shown


@unit_of_work()
async def remove_file(
    session: AsyncSession, ctx: Context, technician: Technician, conversation_id: str, attachment_id: str
) -> transcript.AttachmentView:
    """Delete the bytes of a file and forget its name; the file's row stays to say so. Raises NotFound."""
    now = ctx.clock()
    conversation = await lifecycle.load(session, conversation_id, lock=True)
    await access.load_readable(session, technician, conversation_id)
    file = await session.get(Attachment, attachment_id)
    if file is None or file.conversation_id != conversation_id:
        raise NotFound("There is no such file.")
    # Before the row says so: a file that nobody finds is better than one that should be gone and is not.
    attachments.delete_bytes(ctx, file)
    file.name, file.size, file.sha256 = ctx.support.wording.file_removed, 0, ""
    message = await session.get(Message, file.message_id) if file.message_id else None
    if message is not None:
        transcript.note_revision(conversation, message, now)
    conversation.updated_at = now
    actor, details = audit.technician_actor(technician), {"attachment": attachment_id}
    audit.record(session, actor, "file.remove", now, conversation=conversation, details=details)
    shown = transcript.attachment_view(file)
    after_commit(session, ctx.wake, conversation_id)
    return shown
