"""Periods and figures of the reports."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.reporting.statistics import Period, mean, percentile, share

NEW_YORK = ZoneInfo("America/New_York")


def test_a_day_is_the_offices_day() -> None:
    period = Period(date(2026, 3, 1), date(2026, 3, 31), NEW_YORK)
    assert period.step_of(datetime(2026, 3, 10, 3, 30, tzinfo=UTC)) == date(2026, 3, 9)
    assert (period.ends - period.begins).total_seconds() == 31 * 86400
    # The clocks go forward on the 8th: real time has an hour less.
    assert period.ends.timestamp() - period.begins.timestamp() == 31 * 86400 - 3600


@pytest.mark.parametrize(
    ("first", "last", "name", "steps"),
    [
        (date(2026, 1, 1), date(2026, 1, 31), "day", 31),
        (date(2026, 1, 1), date(2026, 3, 31), "week", 14),
        (date(2025, 1, 15), date(2026, 6, 15), "month", 18),
    ],
)
def test_long_periods_are_shown_by_week_or_month(first: date, last: date, name: str, steps: int) -> None:
    period = Period(first, last, NEW_YORK)
    assert period.step_name == name
    assert len(period.steps()) == steps


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 900), st.floats(0, 0.999))
def test_every_moment_of_a_period_has_its_place_on_the_axis(first: date, days: int, part: float) -> None:
    period = Period(first, date.fromordinal(first.toordinal() + days), NEW_YORK)
    span = period.ends.timestamp() - period.begins.timestamp()
    moment = datetime.fromtimestamp(period.begins.timestamp() + span * part, tz=UTC)
    assert period.step_of(moment) in period.steps()


def test_percentiles_are_values_that_occurred() -> None:
    assert percentile([], 50) is None
    assert percentile([5], 90) == 5
    assert percentile(range(1, 11), 50) == 5
    assert percentile(range(1, 11), 90) == 9


def test_nothing_of_nothing_is_no_share() -> None:
    assert share(0, 0) is None and share(1, 3) == 33.3
    assert mean([]) is None and mean([1, 2]) == 1.5
