"""Prepayment: the price of time, and the minutes left of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Bought:
    """Minutes that were paid, and the time of payment."""

    minutes: int
    at: datetime


def price_in_cents(minutes: int, hourly_rate: Decimal) -> int:
    """Return hours times rate in the smallest unit of a currency of hundredths, rounded half up."""
    amount = hourly_rate * 100 * Decimal(minutes) / 60
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def minutes_left(
    bought: Iterable[Bought], worked: Iterable[int], *, minimum: int, now: datetime, kept_for: timedelta | None
) -> int:
    """Return the minutes left; a negative number is the debt.

    ``worked`` are the minutes of each issue that was not covered otherwise; an issue with any work counts at least
    ``minimum``. The oldest payment is used up first. The rest of one expires after ``kept_for``; None: never.
    """
    rest = sum(max(minimum, minutes) for minutes in worked if minutes > 0)
    left = 0
    for payment in sorted(bought, key=lambda one: one.at):
        used = min(rest, payment.minutes)
        rest -= used
        if kept_for is None or now - payment.at <= kept_for:
            left += payment.minutes - used
    return left - rest
