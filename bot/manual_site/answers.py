"""HTTP responses of the manual's site: strict security headers, entity tags and 304."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sanic import HTTPResponse, Request

# No inline script or style anywhere: markup smuggled in by an imported page cannot run.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
REVALIDATE = "no-cache"
AN_HOUR = "public, max-age=3600"
FOR_EVER = "public, max-age=31536000, immutable"
PICTURE_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp"}
NEVER_STORED = "no-store"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """A static file, read once when the site is made."""

    body: bytes
    content_type: str


def read_assets(folder: Path) -> dict[str, Asset]:
    """Return the files of the folder by name. Only these names are ever served, so no path can lead out of it."""
    return {
        path.name: Asset(path.read_bytes(), _TYPES[path.suffix])
        for path in sorted(folder.iterdir())
        if path.suffix in _TYPES
    }


def cached(request: Request, body: bytes, content_type: str, cache_control: str) -> HTTPResponse:
    """Return the body with an ETag, or 304 without one when ``If-None-Match`` names it.

    https://www.rfc-editor.org/rfc/rfc9110#name-if-none-match
    """
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {**HEADERS, "ETag": tag, "Cache-Control": cache_control}
    asked = {name.strip().removeprefix("W/") for name in request.headers.get("if-none-match", "").split(",")}
    if tag in asked or "*" in asked:
        return HTTPResponse(status=304, headers=headers)
    return HTTPResponse(body, content_type=content_type, headers=headers)


def fresh(body: bytes, content_type: str, status: int = 200) -> HTTPResponse:
    """Return a response that no cache may keep: searches and errors. 503 has ``Retry-After`` (seconds)."""
    headers = {**HEADERS, "Cache-Control": NEVER_STORED}
    if status == 503:
        headers["Retry-After"] = "30"
    return HTTPResponse(body, status=status, content_type=content_type, headers=headers)
