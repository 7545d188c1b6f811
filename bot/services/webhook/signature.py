"""Sign a webhook's request, so that its receiver knows whose it is and that it is no old one."""

import hashlib
import hmac

SIGNATURE = "TechRef-Signature"


def signed(secret: str, body: bytes, now: int) -> str:
    """Return the value of the header: ``t=`` seconds since 1970, ``v1=`` HMAC-SHA256 of these, a dot and the body."""
    digest = hmac.new(secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={now},v1={digest}"
