"""Office hours as the customer reads them."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.triage.hours.hours_in_words import describe, describe_week
from bot.triage.hours.office_hours import OfficeHours
from tests.triage.hours.test_office_hours import NEW_YORK, VENDOR, at, never


@pytest.mark.parametrize(
    ("now", "zone", "sentence"),
    [
        (
            "2026-11-20 18:00",
            "Europe/London",
            "We are closed now. We open again Monday at 8:00 a.m. Eastern (1:00 p.m. your time).",
        ),
        (
            "2026-11-16 10:00",
            "America/New_York",
            "We are open now, until 5:00 p.m. Eastern.",
        ),
        (
            "2026-11-16 10:00",
            "America/Chicago",
            "We are open now, until 5:00 p.m. Eastern (4:00 p.m. your time).",
        ),
        (
            "2026-11-26 10:00",
            "America/New_York",
            "We are closed today for Thanksgiving Day. We open again tomorrow, Friday, at 8:00 a.m. Eastern.",
        ),
        (
            "2026-11-16 05:00",
            None,
            "We are closed now. We open again today at 8:00 a.m. Eastern.",
        ),
        (
            "2026-11-16 18:00",
            "Australia/Sydney",
            "We are closed now. We open again tomorrow, Tuesday, at 8:00 a.m. Eastern (Wednesday midnight your time).",
        ),
        (
            "2026-03-06 18:00",  # the clocks change on Sunday, in London three weeks later
            "Europe/London",
            "We are closed now. We open again Monday at 8:00 a.m. Eastern (noon your time).",
        ),
    ],
)
def test_the_hours_right_now(now: str, zone: str | None, sentence: str) -> None:
    moment = at(now)
    assert describe(VENDOR.state_at(moment), moment, ZoneInfo(zone) if zone else None) == sentence


def test_an_opening_far_off_has_its_date() -> None:
    hours = OfficeHours(NEW_YORK, {0: [(time(8), time(17))]}, lambda day: "Works holiday" if day.month == 8 else None)
    moment = at("2026-08-03 10:00")
    assert describe(hours.state_at(moment), moment, None) == (
        "We are closed today for Works holiday. We open again Monday, September 7, at 8:00 a.m. Eastern."
    )


def test_an_office_that_never_closes_says_so_and_one_that_never_opens_promises_nothing() -> None:
    moment = at("2026-11-16 10:00")
    always = OfficeHours(NEW_YORK, {day: [(time(0), time(0))] for day in range(7)}, never)
    assert describe(always.state_at(moment), moment, None) == "We are open now, around the clock."
    assert describe(OfficeHours(NEW_YORK, {}, never).state_at(moment), moment, None) == "We are closed now."


def test_a_zone_is_named_for_people() -> None:
    kolkata = ZoneInfo("Asia/Kolkata")
    hours = OfficeHours(kolkata, {0: [(time(9), time(18))]}, never)
    moment = datetime(2026, 11, 16, 10, tzinfo=kolkata)
    assert describe(hours.state_at(moment), moment, None) == "We are open now, until 6:00 p.m. India Time."


def test_the_ordinary_week_joins_equal_days() -> None:
    assert describe_week(VENDOR) == "Monday to Friday, 8:00 a.m. to 5:00 p.m. Eastern"
    split = [(time(8), time(12)), (time(13), time(17))]
    mixed = OfficeHours(NEW_YORK, {0: split, 1: split, 3: [(time(8), time(0))]}, never)
    assert describe_week(mixed) == (
        "Monday to Tuesday, 8:00 a.m. to noon and 1:00 p.m. to 5:00 p.m.; Thursday, 8:00 a.m. to midnight Eastern"
    )
    assert describe_week(OfficeHours(NEW_YORK, {}, never)) == "closed"
