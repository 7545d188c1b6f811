"""Tokens in links by which whoever has the link may open one file for a while: for messages outside the web."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from bot.services.conversation import attachments
from bot.services.conversation.attachments import StoredFile
from bot.services.core.context import Context
from bot.services.core.errors import NotFound

LIFE = timedelta(hours=24)


def file_token(ctx: Context, conversation_id: str, attachment_id: str) -> str:
    """Return what opens this file for the next 24 hours."""
    expires = int((ctx.clock() + LIFE).timestamp())
    told = f"{conversation_id}.{attachment_id}.{expires}"
    return f"{told}.{_signature(ctx, told)}"


async def open_link(ctx: Context, presented: str) -> StoredFile:
    """Return the file behind a link; raises NotFound for one that was not made here or is too old."""
    told, _, signature = presented.rpartition(".")
    if not signature or not hmac.compare_digest(signature.encode(), _signature(ctx, told).encode()):
        raise NotFound("This link is not one of ours.")
    conversation_id, attachment_id, expires = told.split(".")
    if datetime.fromtimestamp(int(expires), UTC) <= ctx.clock():
        raise NotFound("This link has expired. The file is kept: ask for it again in the chat where you found it.")
    return await attachments.find_attachment(ctx, conversation_id, attachment_id)


def _signature(ctx: Context, told: str) -> str:
    key = (ctx.settings.internal_secret or "").encode()
    if not key:
        raise NotFound("Links to files are not available here.")
    return hmac.new(key, f"file link:{told}".encode(), hashlib.sha256).hexdigest()
