"""Send a stored file in a way that no browser can be made to run it."""

import hashlib
from urllib.parse import quote

from sanic import HTTPResponse
from sanic.response import file

from bot.services.conversation.attachments import StoredFile

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=3600",
}


async def send_file(stored: StoredFile) -> HTTPResponse:
    """A file as a browser may have it: never run, shown in place only when it is a picture."""
    kind = stored.attachment.content_type
    disposition = "inline" if kind.startswith("image/") else "attachment"
    headers = {
        **HEADERS,
        "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(stored.attachment.name)}",
        "ETag": f'"{hashlib.sha256(stored.attachment.id.encode()).hexdigest()[:16]}"',
    }
    return await file(stored.path, mime_type=kind, headers=headers)
