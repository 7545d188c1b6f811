"""Time paid ahead: its price, how it is drawn down, the minimum, and how long it is kept."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.billing.prepaid import Bought, minutes_left, price_in_cents

NOW = datetime(2026, 11, 16, 15, tzinfo=UTC)
KEPT = timedelta(days=90)


@pytest.mark.parametrize(
    ("minutes", "rate", "cents"),
    [(60, "120.00", 12000), (30, "120.00", 6000), (90, "99.99", 14999), (20, "0.10", 3), (45, "0.00", 0)],
)
def test_hours_times_rate(minutes: int, rate: str, cents: int) -> None:
    assert price_in_cents(minutes, Decimal(rate)) == cents


@pytest.mark.parametrize(
    ("bought", "worked", "left"),
    [
        ([], [], 0),
        ([(60, 0)], [], 60),
        ([(60, 0)], [10], 30),  # one that is worked on at all counts the minimum of 30
        ([(60, 0)], [45], 15),
        ([(60, 0)], [45, 5], -15),
        ([(60, 0), (60, 1)], [45, 45], 30),
        ([(60, 91)], [], 0),  # kept for 90 days
        ([(60, 91), (60, 1)], [45], 60),  # the oldest is used first, what is over of it is lost
        ([(60, 91), (60, 1)], [90], 30),
        ([(60, 90)], [0, 0], 60),
    ],
)
def test_what_is_left(bought: list[tuple[int, int]], worked: list[int], left: int) -> None:
    payments = [Bought(minutes, NOW - timedelta(days=days)) for minutes, days in bought]
    assert minutes_left(payments, worked, minimum=30, now=NOW, kept_for=KEPT) == left


def test_without_a_limit_it_is_kept() -> None:
    assert minutes_left([Bought(60, NOW - timedelta(days=9999))], [], minimum=30, now=NOW, kept_for=None) == 60


minutes = st.integers(1, 600)
payments = st.lists(st.builds(Bought, minutes, st.datetimes(timezones=st.just(UTC))))


@given(payments, st.lists(minutes), st.integers(0, 60))
def test_work_never_adds_time_and_payments_never_take_it(bought: list[Bought], worked: list[int], least: int) -> None:
    def left(paid: list[Bought], done: list[int]) -> int:
        return minutes_left(paid, done, minimum=least, now=NOW, kept_for=None)

    assert left(bought, [*worked, 5]) <= left(bought, worked) <= left([*bought, Bought(60, NOW)], worked)
    assert left(bought, worked) == sum(one.minutes for one in bought) - sum(max(least, one) for one in worked)
