"""The address under which one issue can be paid for: it lets its holder pay, and tells no more than that."""

import hashlib
import hmac

from bot.services.core.context import Context
from bot.services.core.errors import NotFound

LENGTH = 32


def is_open(ctx: Context) -> bool:
    """Return whether customers can pay online: Stripe is set, and there is a secret to sign addresses with."""
    settings = ctx.settings
    return bool(settings.stripe_secret_key and settings.stripe_webhook_secret and settings.internal_secret)


def payment_page_path(ctx: Context, reference: str) -> str:
    """Return the path of the issue's payment page; customers reach it at the gateway's own address."""
    return f"/pay/{reference}/{_signature(ctx, reference)}"


def check_signature(ctx: Context, reference: str, signature: str) -> None:
    """Raise NotFound unless the address is one that we gave out."""
    if not is_open(ctx) or not hmac.compare_digest(_signature(ctx, reference).encode(), signature.encode()):
        raise NotFound("There is nothing to pay at this address. Use the link in your chat, or call us.")


def _signature(ctx: Context, reference: str) -> str:
    key = (ctx.settings.internal_secret or "").encode()
    return hmac.new(key, f"pay:{reference}".encode(), hashlib.sha256).hexdigest()[:LENGTH]
