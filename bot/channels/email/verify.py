"""Verify the signature of a mail dropped over HTTP: HMAC-SHA256 over time and body, at most five minutes old."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta

from bot.services.core.context import Clock

TIMESTAMP, SIGNATURE = "X-TechRef-Timestamp", "X-TechRef-Signature"
GOOD_FOR = timedelta(minutes=5)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return what stands in the header for this body, sent at ``timestamp`` (seconds since 1970)."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_genuine(secret: str | None, clock: Clock, body: bytes, headers: Mapping[str, str]) -> bool:
    """Compare in constant time. Without a secret nothing is genuine, and nothing malformed raises."""
    timestamp, told = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    if not secret or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 15):
        return False
    recent = abs(clock().timestamp() - int(timestamp)) <= GOOD_FOR.total_seconds()
    expected = signature(secret, timestamp, body).encode()
    return hmac.compare_digest(expected, told.encode("utf-8", "replace")) and recent
