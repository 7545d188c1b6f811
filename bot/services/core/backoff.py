"""Exponential backoff with jitter for everything that is retried."""

import random

FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 1.0, 300.0


def backoff(attempts: int, first: float = FIRST_WAIT_SECONDS, longest: float = LONGEST_WAIT_SECONDS) -> float:
    """Return the seconds to wait after so many failures: doubling, bounded, and never all at the same time."""
    full: float = min(first * 2 ** min(attempts - 1, 20), longest)
    return full * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing
