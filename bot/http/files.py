"""Send a stored file so that no browser can run it."""

import hashlib
from pathlib import Path
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
    """Return a file as an attachment, or inline when it is a picture; never executable."""
    kind = stored.attachment.content_type
    disposition = "inline" if kind.startswith("image/") else "attachment"
    headers = {
        **HEADERS,
        "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(stored.attachment.name)}",
        "ETag": f'"{hashlib.sha256(stored.attachment.id.encode()).hexdigest()[:16]}"',
    }
    return await file_with(stored.path, headers, mime_type=kind)


async def file_with(path: Path, headers: dict[str, str], mime_type: str | None = None) -> HTTPResponse:
    """Answer with a file under these headers; in small letters, or Sanic adds a Cache-Control of its own."""
    small = {name.lower(): value for name, value in headers.items()}
    return await file(path, mime_type=mime_type, headers=small)
