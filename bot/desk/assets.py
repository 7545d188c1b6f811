"""The desk's own scripts and styles, addressed by a digest of them all: browsers may keep them for a year.

Modules import each other by relative path, so a page always gets modules of one version.
"""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from sanic import HTTPResponse, Request
from sanic.exceptions import NotFound

import bot.http

FOLDER = Path(__file__).parent / "static"
# The module that shows a message's text; the widget uses it as well.
CONTENT = Path(bot.http.__file__).parent / "static" / "content.js"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
FOR_A_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file as it is sent, plain and compressed."""

    body: bytes
    compressed: bytes
    content_type: str


class Assets:
    """The files by name. Only these names are ever served, so no path can lead out of the folder."""

    def __init__(self, folder: Path = FOLDER) -> None:
        files = [path for path in (*sorted(folder.iterdir()), CONTENT) if path.suffix in TYPES]
        bodies = {path.name: path.read_bytes() for path in files}
        self._files = {
            path.name: Asset(bodies[path.name], gzip.compress(bodies[path.name], mtime=0), TYPES[path.suffix])
            for path in files
        }
        together = b"\0".join(name.encode() + b"\0" + body for name, body in bodies.items())
        self.digest = hashlib.sha256(together).hexdigest()[:12]
        self.root = f"/desk/static/{self.digest}"

    async def send(self, request: Request, digest: str, name: str) -> HTTPResponse:
        """Return the file; one asked for by an older digest is today's, and may not be kept."""
        asset = self._files.get(name)
        if asset is None:
            raise NotFound("There is no such file of the desk.")
        headers = {
            "Cache-Control": FOR_A_YEAR if digest == self.digest else "no-cache",
            "Vary": "Accept-Encoding",
        }
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return HTTPResponse(asset.compressed, headers=headers, content_type=asset.content_type)
        return HTTPResponse(asset.body, headers=headers, content_type=asset.content_type)
