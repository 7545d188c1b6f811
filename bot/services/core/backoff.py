"""Exponential backoff with jitter for everything that is retried."""

import random

FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 1.0, 300.0


def backoff(attempts: int) -> float:
    """Seconds to wait after so many failures: doubling, never over five minutes, and never all at the same time."""
    full: float = min(FIRST_WAIT_SECONDS * 2 ** min(attempts - 1, 20), LONGEST_WAIT_SECONDS)
    return full * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing
