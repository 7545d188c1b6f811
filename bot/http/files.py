"""Send a stored file so that no browser can run it."""

import hashlib
from collections.abc import Collection
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
IN_OUR_FRAMES = {
    "Content-Security-Policy": f"{HEADERS['Content-Security-Policy']}; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}


async def send_file(stored: StoredFile, *, shown: Collection[str] = ()) -> HTTPResponse:
    """Return a file as an attachment, or inline when it is a picture; never executable.

    ``shown``: content types that are inline as well, also in a frame of our own pages. The answer is sandboxed, so a
    viewer that the browser brings along gets nothing of the page around it.
    """
    kind = stored.attachment.content_type
    is_shown = kind in shown
    headers = {
        **HEADERS,
        **(IN_OUR_FRAMES if is_shown else {}),
        "Content-Disposition": _disposition(stored.attachment.name, inline=is_shown or kind.startswith("image/")),
        "ETag": f'"{hashlib.sha256(stored.attachment.id.encode()).hexdigest()[:16]}"',
    }
    return await file_with(stored.path, headers, mime_type=kind)


def _disposition(name: str, *, inline: bool) -> str:
    return f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name)}"


async def file_with(path: Path, headers: dict[str, str], mime_type: str | None = None) -> HTTPResponse:
    """Answer with a file under these headers; in small letters, or Sanic adds a Cache-Control of its own."""
    small = {name.lower(): value for name, value in headers.items()}
    return await file(path, mime_type=mime_type, headers=small)
