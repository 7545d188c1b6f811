"""Questions about a day, a holiday or another zone are understood, and answered with that day's truth."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from bot.triage.hours.holiday_calendar import closed_on
from bot.triage.hours.hours_asked import day_asked, zone_asked
from bot.triage.hours.hours_in_words import describe_day, describe_elsewhere
from bot.triage.hours.office_hours import OfficeHours

WEEK = {day: [(time(8), time(17))] for day in range(5)}
HOURS = OfficeHours(ZoneInfo("America/New_York"), WEEK, closed_on("US", None, {}))
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("are you open on thanksgiving?", date(2026, 11, 26)),
        ("open on Christmas?", date(2026, 12, 25)),
        ("what about christmas eve", date(2026, 12, 24)),
        ("are you there on the 4th of July", date(2027, 7, 4)),
        ("are you open on New Years", date(2027, 1, 1)),
        ("are you open on saturday?", date(2026, 11, 28)),
        ("is anybody there this weekend", date(2026, 11, 28)),
        ("open tomorrow?", date(2026, 11, 24)),
        ("until when are you there today", MONDAY),
        ("next monday?", date(2026, 11, 30)),
        ("are you open on december 24", date(2026, 12, 24)),
        ("on the 3rd of January?", date(2027, 1, 3)),
        ("open 2026-12-31?", date(2026, 12, 31)),
        ("are you open for Christmas?", date(2026, 12, 25)),
        ("open at Easter?", date(2027, 3, 28)),
        ("and on Good Friday", date(2027, 3, 26)),
        ("open on Boxing Day?", date(2026, 12, 26)),
        ("are you open on 24.12.?", date(2026, 12, 24)),
        ("open on 12/24?", date(2026, 12, 24)),
        ("open 24/12/2026?", date(2026, 12, 24)),
        ("on 24.12.26", date(2026, 12, 24)),
        ("on 05/12?", date(2027, 5, 12)),
        ("on December 24, 2027?", date(2027, 12, 24)),
    ],
)
def test_the_day_is_understood(text: str, day: date) -> None:
    assert day_asked(text, MONDAY, HOURS) == day


@pytest.mark.parametrize(
    "text",
    ["what are your hours?", "monday to friday?", "when are you open", "on february 30?", "24/7?", "9-5", "8.30?"],
)
def test_no_day_is_read_where_none_is_named(text: str) -> None:
    assert day_asked(text, MONDAY, HOURS) is None


@pytest.mark.parametrize(
    ("text", "place", "key"),
    [
        ("what time is that in London?", "London", "Europe/London"),
        ("and in los angeles", "Los Angeles", "America/Los_Angeles"),
        ("what are your hours in pacific time?", "Pacific time", "America/Los_Angeles"),
        ("what is that for UK?", "UK", "Europe/London"),
    ],
)
def test_the_zone_is_understood(text: str, place: str, key: str) -> None:
    assert zone_asked(text) == (place, ZoneInfo(key))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "are you open in the morning?",
            "are you open for Christmas?",
            "open at Easter?",
            "in Christmas",
            "at midway",
        ),
        *("for general", "in center", "for reunion", "at west", "in central", "to wake", "at south pacific", "in may"),
    ],
)
def test_no_zone_is_read_where_none_is_named(text: str) -> None:
    assert zone_asked(text) is None


def test_the_order_of_day_and_month_is_the_offices() -> None:
    european = OfficeHours(ZoneInfo("Europe/Berlin"), WEEK, closed_on("DE", None, {}))
    assert day_asked("open on 05/12?", MONDAY, european) == date(2026, 12, 5)


def test_a_holiday_a_day_off_and_a_working_day_are_reported_plainly() -> None:
    london = ZoneInfo("Europe/London")
    holiday = describe_day(HOURS, date(2026, 11, 26), london)
    assert holiday == "Thursday, November 26, is Thanksgiving Day: we are closed."
    assert describe_day(HOURS, date(2026, 11, 28), london) == "We are closed on Saturday, November 28."
    assert describe_day(HOURS, MONDAY, london) == (
        "On Monday, November 23, we are open 8:00 a.m. to 5:00 p.m. Eastern (1:00 p.m. your time)."
    )


def test_the_hours_are_given_on_another_clock() -> None:
    assert describe_elsewhere(HOURS, MONDAY, "London", ZoneInfo("Europe/London")) == (
        "In London that is 1:00 p.m. to 10:00 p.m."
    )
