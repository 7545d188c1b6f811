"""A browser in which a technician has signed in before: strangers who guess passwords cannot lock it out.

The cookie is signed, not stored. It opens nothing: it only gives the browser an allowance of tries of its own. A new
password makes it worthless, as the old one may be known to somebody.
"""

import hashlib
import hmac
from datetime import timedelta

from bot.services.core.context import Context
from bot.store.tables import Technician

LIFE = timedelta(days=90)


def cookie_of(ctx: Context, technician: Technician) -> str:
    """Return what the browser keeps: until when it is known, and the signature."""
    until = int((ctx.clock() + LIFE).timestamp())
    return f"{until}.{_signature(ctx, technician, until)}"


def is_known(ctx: Context, technician: Technician | None, cookie: str | None) -> bool:
    """Return whether the cookie was given to a browser in which this technician signed in."""
    until, _, signature = (cookie or "").partition(".")
    if technician is None or not (until.isascii() and until.isdigit()) or len(until) > len("9999999999"):
        return False
    right = hmac.compare_digest(_signature(ctx, technician, int(until)).encode(), signature.encode("utf-8", "replace"))
    return right and int(until) > ctx.clock().timestamp()


def _signature(ctx: Context, technician: Technician, until: int) -> str:
    key = (ctx.settings.internal_secret or "").encode()
    signed = f"known browser:{technician.id}:{technician.password_hash}:{until}"
    return hmac.new(key, signed.encode(), hashlib.sha256).hexdigest()
