"""Verify the signature of a Slack request: HMAC-SHA256 over its raw body, at most five minutes old."""

from collections.abc import Mapping

from slack_sdk.signature import Clock as SlackClock
from slack_sdk.signature import SignatureVerifier

from bot.services.core.context import Clock


class _OurClock(SlackClock):
    """The wiring's clock, so that a test can be five minutes late."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock().timestamp()


def is_genuine(secret: str | None, clock: Clock, body: bytes, headers: Mapping[str, str]) -> bool:
    """Compared in constant time. Without a secret nothing is genuine, and nothing malformed raises."""
    if not secret:
        return False
    try:
        return SignatureVerifier(secret, _OurClock(clock)).is_valid_request(body, dict(headers.items()))
    except (ValueError, TypeError, OverflowError):
        # A time that is no number, a signature outside ASCII, a body that is not UTF-8.
        return False
