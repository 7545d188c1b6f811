"""Files that customers and technicians send: checked, stored outside the web root, served with safe headers."""

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import lifecycle, transcript
from bot.services.conversation.file_names import safe_name
from bot.services.core.context import Context
from bot.services.core.errors import BadFileType, EmptyFile, FileTooLarge, NotFound
from bot.services.core.worker_threads import FILES
from bot.store.tables import Attachment
from bot.store.unit_of_work import unit_of_work

OPAQUE = "application/octet-stream"
# What a browser may show; everything else is only ever downloaded.
SIGNATURES = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
    "image/webp": b"RIFF",
    "application/pdf": b"%PDF-",
}


@dataclass(frozen=True)
class StoredFile:
    attachment: Attachment
    path: Path


async def store_attachment(ctx: Context, conversation_id: str, name: str, data: bytes) -> transcript.AttachmentView:
    """Keep a file for a message that will name it; raises Invalid for an empty or too large one."""
    limit = ctx.support.limits.file_bytes
    if not data:
        raise EmptyFile("The file is empty; nothing was stored. Attach it again.")
    if len(data) > limit:
        raise FileTooLarge(f"The file has {len(data):,} bytes; {limit:,} is the most. Nothing was stored.")
    stored_name = safe_name(name)
    _check_type(ctx, stored_name)
    stored_as = secrets.token_hex(16)
    path = _folder(ctx) / stored_as
    await FILES.run(_write, path, data)
    now = ctx.clock()
    attachment = Attachment(
        id=secrets.token_hex(12),
        conversation_id=conversation_id,
        name=stored_name,
        content_type=content_type(data),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        stored_as=stored_as,
        created_at=now,
    )
    try:
        await _add(ctx, attachment)
    except NotFound:  # erased meanwhile: nobody would ever remove what no row names
        delete_bytes(ctx, attachment)
        raise
    return transcript.attachment_view(attachment)


@unit_of_work()
async def _add(session: AsyncSession, ctx: Context, attachment: Attachment) -> None:
    """Keep the row of a file whose bytes are kept; raises NotFound for a conversation that is erased."""
    await lifecycle.load(session, attachment.conversation_id, lock=True)
    await session.merge(attachment)


async def find_attachment(ctx: Context, conversation_id: str, attachment_id: str) -> StoredFile:
    """Return the file, if it belongs to this conversation; raises NotFound."""
    async with ctx.db.read() as session:
        attachment = await session.scalar(
            select(Attachment).where(Attachment.id == attachment_id, Attachment.conversation_id == conversation_id)
        )
    path = _folder(ctx) / attachment.stored_as if attachment else None
    if attachment is None or path is None or not path.is_file():
        raise NotFound("There is no such file for you.")
    return StoredFile(attachment, path)


def delete_bytes(ctx: Context, attachment: Attachment) -> None:
    """Delete what the file holds; whoever asks for it then hears that there is none."""
    (_folder(ctx) / attachment.stored_as).unlink(missing_ok=True)


def content_type(data: bytes) -> str:
    """Return what the bytes are, told by their beginning: the sender's own word is not trusted."""
    for name, signature in SIGNATURES.items():
        if data.startswith(signature):
            return name
    try:
        data.decode()
    except UnicodeDecodeError:
        return OPAQUE
    return "text/plain"


def _check_type(ctx: Context, name: str) -> None:
    """By the ending, which is what the receiver's computer goes by; what the bytes are decides how it is served."""
    limits = ctx.support.limits
    if limits.file_types and not name.lower().endswith(tuple(ending.lower() for ending in limits.file_types)):
        megabytes = limits.file_bytes // 1_048_576
        types = ", ".join(limits.file_types)
        raise BadFileType(ctx.support.wording.file_refused.format(types=types, megabytes=megabytes))


def _folder(ctx: Context) -> Path:
    return ctx.home / "attachments"


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.write_bytes(data)
    except OSError:
        path.unlink(missing_ok=True)  # half a file on a full disk
        raise
