"""The widget's files in memory: each with its type, its entity tag and its compressed form.

All files under ``static/`` share one digest, which is part of their address. Modules import each other by relative
path, so a page always gets modules of one version, and a browser may keep them for a year.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import bot.http
import bot.manual_site

FOLDER = Path(__file__).parent / "static"
# The design tokens have one source: manual, desk and widget read the same file.
TOKENS = Path(bot.manual_site.__file__).parent / "static" / "tokens.css"
# Likewise the module that shows a message's text, which the desk uses as well.
CONTENT = Path(bot.http.__file__).parent / "static" / "content.js"

CONTENT_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class Asset:
    """One file as it is sent. ``content_type`` is the header's value."""

    body: bytes
    content_type: str

    @cached_property
    def compressed(self) -> bytes:
        """Return the body as gzip, byte for byte the same on every start (no time stamp in it)."""
        return gzip.compress(self.body, compresslevel=9, mtime=0)

    @cached_property
    def etag(self) -> str:
        """Return a weak tag, because the plain and the compressed body are equivalent:
        https://www.rfc-editor.org/rfc/rfc9110#name-weak-versus-strong
        """
        return f'W/"{hashlib.sha256(self.body).hexdigest()[:20]}"'


@dataclass(frozen=True)
class AssetFolder:
    """Every file by its relative path, and the digest of them all."""

    files: dict[str, Asset]
    digest: str

    def scripts(self, under: str) -> list[str]:
        """Return the paths of the JavaScript modules below ``under``, sorted."""
        return sorted(path for path in self.files if path.startswith(under) and path.endswith(".js"))


def read_assets(folder: Path = FOLDER, tokens: Path = TOKENS) -> AssetFolder:
    """Read the widget's files and the design tokens once.

    A file of a kind that has no entry in CONTENT_TYPES raises KeyError: name it there.
    """
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    paths |= {tokens.name: tokens, f"chat/view/{CONTENT.name}": CONTENT}
    files: dict[str, Asset] = {}
    digest = hashlib.sha256()
    for name, path in sorted(paths.items()):
        files[name] = Asset(path.read_bytes(), CONTENT_TYPES[path.suffix])
        digest.update(name.encode() + b"\0" + files[name].body + b"\0")
    return AssetFolder(files, digest.hexdigest()[:12])
