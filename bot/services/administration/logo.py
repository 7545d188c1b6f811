"""The department's own logo: a small picture in TECHREF_HOME, shown in the chat's header and at the desk."""

from pathlib import Path

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import BadLogo
from bot.settings.support.support import Support
from bot.store.tables import Technician

MOST_BYTES = 512 * 1024
KINDS = {".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}
# No SVG: it is a document that can hold scripts.
BEGINNINGS = {b"\x89PNG\r\n\x1a\n": ".png", b"\xff\xd8\xff": ".jpg"}


def find_logo(home: Path) -> tuple[Path, str] | None:
    """Return the logo's file and content type; None without one."""
    for suffix, kind in KINDS.items():
        file = home / f"logo{suffix}"
        if file.exists():
            return file, kind
    return None


def logo_of(home: Path, support: Support) -> tuple[Path, str] | None:
    """Return the logo of these settings' product, else the department's; None without one."""
    own = find_logo(home / support.manual_folder) if support.manual_folder else None
    return own or find_logo(home)


def logo_address(home: Path, support: Support) -> str | None:
    """Return where browsers find the logo; None without one."""
    if logo_of(home, support) is None:
        return None
    return f"/brand/logo?product={support.product_id}" if support.manual_folder else "/brand/logo"


async def replace_logo(ctx: Context, admin: Technician, body: bytes) -> None:
    """Replace the logo; raise Invalid unless it is a small PNG, JPEG or WebP."""
    suffix = _suffix(body)
    if suffix is None or len(body) > MOST_BYTES:
        raise BadLogo("The logo must be a PNG, JPEG or WebP picture of at most 512 KB; nothing was changed.")
    for other in KINDS:
        (ctx.home / f"logo{other}").unlink(missing_ok=True)
    (ctx.home / f"logo{suffix}").write_bytes(body)
    async with ctx.db.write() as session:
        audit.record(session, audit.technician_actor(admin), "settings.logo", ctx.clock())


def _suffix(body: bytes) -> str | None:
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return ".webp"
    return next((suffix for beginning, suffix in BEGINNINGS.items() if body.startswith(beginning)), None)
