"""Recognise a browser in which a technician signed in before, so that password guessing cannot lock it out.

The cookie is signed, not stored. It grants no access: it only gives the browser an allowance of attempts of its own. A
new password revokes it, as the old one may be known to somebody:
https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
"""

import hashlib
import hmac
from datetime import timedelta

from bot.services.core.context import Context
from bot.store.tables import Technician

LIFE = timedelta(days=90)


def cookie_of(ctx: Context, technician: Technician) -> str:
    """Return the cookie's value: its expiry, and the signature."""
    until = int((ctx.clock() + LIFE).timestamp())
    return f"{until}.{_signature(ctx, technician, until)}"


def is_known(ctx: Context, technician: Technician | None, cookie: str | None) -> bool:
    """Return True when the cookie was given to a browser in which this technician signed in."""
    until, _, signature = (cookie or "").partition(".")
    if technician is None or not (until.isascii() and until.isdigit()) or len(until) > len("9999999999"):
        return False
    right = hmac.compare_digest(_signature(ctx, technician, int(until)).encode(), signature.encode("utf-8", "replace"))
    return right and int(until) > ctx.clock().timestamp()


def _signature(ctx: Context, technician: Technician, until: int) -> str:
    key = (ctx.settings.internal_secret or "").encode()
    signed = f"known browser:{technician.id}:{technician.password_hash}:{until}"
    return hmac.new(key, signed.encode(), hashlib.sha256).hexdigest()
