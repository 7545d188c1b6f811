"""Time that was paid ahead: what it costs, and how much of it is left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Bought:
    """Minutes that were paid, and when."""

    minutes: int
    at: datetime


def price_in_cents(minutes: int, hourly_rate: Decimal) -> int:
    """Hours times rate in the smallest unit of a currency of hundredths; half a cent counts as one."""
    amount = hourly_rate * 100 * Decimal(minutes) / 60
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def minutes_left(
    bought: Iterable[Bought], worked: Iterable[int], *, minimum: int, now: datetime, kept_for: timedelta | None
) -> int:
    """How many minutes are left; below zero, how many are owed.

    ``worked`` are the minutes of each issue that was not covered otherwise; one that was worked on at all counts
    ``minimum``. The oldest payment is used up first. What is left of one is good for ``kept_for``; None: for as long
    as it takes.
    """
    rest = sum(max(minimum, minutes) for minutes in worked if minutes > 0)
    left = 0
    for payment in sorted(bought, key=lambda one: one.at):
        used = min(rest, payment.minutes)
        rest -= used
        if kept_for is None or now - payment.at <= kept_for:
            left += payment.minutes - used
    return left - rest
