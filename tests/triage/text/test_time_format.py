"""Durations, clock times, dates and zones as people read them."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.triage.text.time_format import (
    format_age,
    format_clock,
    format_desk_time,
    format_minutes,
    format_moment,
    format_span,
    zone_name,
)

NOW = datetime(2026, 6, 7, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(-5, "0 minutes"), (1, "1 minute"), (30, "30 minutes"), (60, "1 hour"), (135, "2 hours 15 minutes")],
)
def test_minutes_are_written_in_full(minutes: int, words: str) -> None:
    assert format_minutes(minutes) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3900, "1 h 05 min"),
        (86400, "1 d 0 h"),
        (187200, "2 d 4 h"),
    ],
)
def test_spans_are_written_in_their_two_largest_units(seconds: float, words: str) -> None:
    assert format_span(seconds) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0.9, "less than an hour"),
        (1, "1 hour"),
        (30, "30 hours"),
        (47, "47 hours"),
        (49, "2 days"),
        (24 * 20, "3 weeks"),
    ],
)
def test_an_age_is_in_hours_for_two_days(hours: float, words: str) -> None:
    assert format_age(timedelta(hours=hours)) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [(time(0), "midnight"), (time(0, 5), "12:05 a.m."), (time(12), "noon"), (time(12, 30), "12:30 p.m.")],
)
def test_noon_and_midnight_are_not_misread(at: time, words: str) -> None:
    assert format_clock(at) == words


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("America/New_York", "June 7, 2026, 3:00 p.m. Eastern"),
        ("Europe/Berlin", "June 7, 2026, 9:00 p.m. Central European Time"),
        ("Asia/Dubai", "June 7, 2026, 11:00 p.m. United Arab Emirates Time"),
        ("Australia/Sydney", "June 8, 2026, 5:00 a.m. Australian Eastern Time"),
        ("America/Indiana/Indianapolis", "June 7, 2026, 3:00 p.m. EDT"),
        ("UTC", "June 7, 2026, 7:00 p.m. UTC"),
    ],
)
def test_a_moment_has_its_date_and_a_zone_that_people_know(key: str, words: str) -> None:
    assert format_moment(NOW, ZoneInfo(key)) == words


def test_a_zone_without_any_name_is_its_offset() -> None:
    assert zone_name(None, NOW.astimezone(ZoneInfo("Etc/GMT+5"))) == "-05"


def test_the_desk_reads_the_time_today_and_the_date_before() -> None:
    zone, now = ZoneInfo("America/New_York"), datetime(2026, 3, 9, 12, tzinfo=UTC)
    assert format_desk_time("2026-03-09T11:30:00+00:00", zone, now) == "07:30"
    assert format_desk_time("2026-03-09T02:30:00+00:00", zone, now) == "8 Mar, 22:30"
    assert format_desk_time("2025-03-09T11:30:00+00:00", zone, now) == "9 Mar 2025, 07:30"
