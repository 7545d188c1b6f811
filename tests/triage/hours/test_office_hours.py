"""Office hours: holidays, changes of the clocks, days that are closed, openings that touch."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.hours.holiday_calendar import closed_on
from bot.triage.hours.office_hours import OfficeHours

NEW_YORK = ZoneInfo("America/New_York")
NINE_TO_FIVE = {day: [(time(8), time(17))] for day in range(5)}
HOLIDAYS = closed_on("US", None, {date(2026, 12, 24): "Christmas Eve"})


def never(day: date) -> str | None:
    return None


def at(written: str) -> datetime:
    """A moment on the office's clock."""
    return datetime.fromisoformat(written).replace(tzinfo=NEW_YORK)


VENDOR = OfficeHours(NEW_YORK, NINE_TO_FIVE, HOLIDAYS)


@pytest.mark.parametrize(
    ("now", "reason", "next_opening"),
    [
        ("2026-11-16 08:00", "open", "2026-11-17 08:00"),
        ("2026-11-16 16:59", "open", "2026-11-17 08:00"),
        ("2026-11-16 07:59", "before_opening", "2026-11-16 08:00"),
        ("2026-11-16 17:00", "after_hours", "2026-11-17 08:00"),
        ("2026-11-20 17:00", "after_hours", "2026-11-23 08:00"),  # Friday evening
        ("2026-11-21 12:00", "day_off", "2026-11-23 08:00"),
        ("2026-11-25 18:00", "after_hours", "2026-11-27 08:00"),  # the eve of Thanksgiving
        ("2026-11-26 10:00", "holiday", "2026-11-27 08:00"),
        ("2026-12-23 17:30", "after_hours", "2026-12-28 08:00"),  # own date, Christmas, weekend
        ("2026-07-03 10:00", "holiday", "2026-07-06 08:00"),  # Independence Day, moved to Friday
    ],
)
def test_state_across_evenings_weekends_and_holidays(now: str, reason: str, next_opening: str) -> None:
    state = VENDOR.state_at(at(now))
    assert (state.open, state.reason) == (reason == "open", reason)
    assert state.next_opening == at(next_opening)
    assert state.closes_at == (at(f"{now[:10]} 17:00") if reason == "open" else None)


def test_the_holiday_is_named() -> None:
    assert VENDOR.state_at(at("2026-11-26 10:00")).holiday == "Thanksgiving Day"
    assert VENDOR.state_at(at("2026-11-27 10:00")).holiday is None


def test_the_week_after_the_clocks_change_opens_at_the_new_local_eight() -> None:
    friday_before = VENDOR.state_at(at("2026-03-06 18:00"))
    assert friday_before.next_opening is not None
    assert friday_before.next_opening.astimezone(UTC) == datetime(2026, 3, 9, 12, tzinfo=UTC)
    in_autumn = VENDOR.state_at(at("2026-10-30 18:00"))
    assert in_autumn.next_opening is not None
    assert in_autumn.next_opening.astimezone(UTC) == datetime(2026, 11, 2, 13, tzinfo=UTC)


def test_an_opening_over_the_repeated_hour_is_as_long_as_it_really_is() -> None:
    night = OfficeHours(NEW_YORK, {6: [(time(0), time(3))]}, never)
    second_half_past_one = datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=1)
    state = night.state_at(second_half_past_one)
    assert state.open and state.closes_at is not None
    assert (state.closes_at.astimezone(UTC) - second_half_past_one.astimezone(UTC)).total_seconds() == 5400


def test_an_opening_in_the_hour_that_does_not_exist_still_comes() -> None:
    night = OfficeHours(NEW_YORK, {6: [(time(2, 30), time(6))]}, never)
    state = night.state_at(at("2026-03-08 01:00"))
    assert state.next_opening is not None and state.next_opening.date() == date(2026, 3, 8)
    assert night.state_at(at("2026-03-08 04:00")).open


def test_a_lunch_break_is_closed_between_two_openings() -> None:
    hours = OfficeHours(NEW_YORK, {0: [(time(13), time(17)), (time(8), time(12))]}, never)
    state = hours.state_at(at("2026-11-16 12:30"))
    assert (state.reason, state.next_opening) == ("between_hours", at("2026-11-16 13:00"))
    assert hours.state_at(at("2026-11-16 09:00")).closes_at == at("2026-11-16 12:00")


def test_openings_that_touch_close_when_the_last_one_ends() -> None:
    hours = OfficeHours(NEW_YORK, {0: [(time(8), time(0))], 1: [(time(0), time(2))]}, never)
    assert hours.state_at(at("2026-11-16 23:59")).closes_at == at("2026-11-17 02:00")


def test_an_office_that_never_closes_has_no_closing_time() -> None:
    hours = OfficeHours(NEW_YORK, {day: [(time(0), time(0))] for day in range(7)}, never)
    state = hours.state_at(at("2026-11-16 03:00"))
    assert state.open and state.closes_at is None


def test_an_office_that_never_opens_has_no_next_opening() -> None:
    for closed in (
        OfficeHours(NEW_YORK, {}, never),
        OfficeHours(NEW_YORK, NINE_TO_FIVE, lambda day: "strike"),
    ):
        state = closed.state_at(at("2026-11-16 10:00"))
        assert not state.open and state.next_opening is None


def test_a_moment_in_another_zone_is_the_same_moment() -> None:
    assert VENDOR.state_at(datetime(2026, 11, 16, 13, 0, tzinfo=UTC)).open
    assert not VENDOR.state_at(datetime(2026, 11, 16, 12, 59, tzinfo=UTC)).open


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        VENDOR.state_at(datetime(2026, 11, 16, 13, 0))


def test_holidays_ahead_are_those_on_working_days() -> None:
    assert VENDOR.holidays_between(date(2026, 12, 21), date(2027, 1, 3)) == [
        (date(2026, 12, 24), "Christmas Eve"),
        (date(2026, 12, 25), "Christmas Day"),
        (date(2027, 1, 1), "New Year's Day"),
    ]


@given(st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))
def test_open_until_it_closes_and_closed_until_it_opens(now: datetime) -> None:
    state = VENDOR.state_at(now)
    assert state.next_opening is not None and state.next_opening > now
    assert VENDOR.state_at(state.next_opening).open
    if state.open:
        assert state.closes_at is not None and now < state.closes_at <= state.next_opening
        assert not VENDOR.state_at(state.closes_at).open


@pytest.mark.parametrize(
    ("observed", "kept"),
    [
        (None, "Columbus Day"),
        (("Thanksgiving Day", "Columbus Day"), "Columbus Day"),
        (("Thanksgiving Day",), None),
    ],
)
def test_only_observed_holidays_count(observed: tuple[str, ...] | None, kept: str | None) -> None:
    assert closed_on("US", observed, {})(date(2026, 10, 12)) == kept


def test_a_holiday_moved_into_the_old_year_counts() -> None:
    name_of: Callable[[date], str | None] = closed_on("US", None, {})
    assert name_of(date(2021, 12, 31)) == "New Year's Day"


def test_without_a_country_only_own_dates_count() -> None:
    name_of = closed_on(None, None, {date(2026, 5, 4): "Stocktaking"})
    assert (name_of(date(2026, 5, 4)), name_of(date(2026, 12, 25))) == ("Stocktaking", None)
