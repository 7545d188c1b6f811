"""The silence rule: open hours only, only when the customer wrote last, not on the phone, not before a promise."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.hand_off.silence import LONGEST_CALL, Wait, is_silent
from tests.triage.hours.test_office_hours import VENDOR, at

ALLOWED = timedelta(minutes=15)
# A Monday, the office opens at 8:00 and closes at 17:00.
CLAIMED = at("2026-11-16 10:00")


def silent(now: str, **wait: Any) -> bool:
    return is_silent(Wait(**{"claimed_at": CLAIMED, "unanswered_since": CLAIMED, **wait}), VENDOR, ALLOWED, at(now))


@pytest.mark.parametrize(
    ("written", "now", "expected"),
    [
        ("2026-11-16 11:00", "2026-11-16 11:14", False),
        ("2026-11-16 11:00", "2026-11-16 11:15", True),
        ("2026-11-16 09:00", "2026-11-16 10:14", False),  # written before the claim: counted from the claim
        ("2026-11-16 16:55", "2026-11-16 17:10", False),  # closed
        ("2026-11-16 16:55", "2026-11-17 08:09", False),  # five minutes yesterday, nine today
        ("2026-11-16 16:55", "2026-11-17 08:10", True),
        ("2026-11-25 16:55", "2026-11-26 12:00", False),  # Thanksgiving
        ("2026-11-25 16:55", "2026-11-27 08:10", True),
    ],
)
def test_only_open_time_counts(written: str, now: str, expected: bool) -> None:
    assert silent(now, unanswered_since=at(written)) is expected


def test_nothing_happens_when_the_technician_wrote_last() -> None:
    assert not silent("2026-11-16 16:00", unanswered_since=None)


def test_a_call_stops_the_rule_until_it_was_plainly_forgotten() -> None:
    began = at("2026-11-16 10:05")
    assert not silent("2026-11-16 12:00", call_began=began)
    assert is_silent(Wait(CLAIMED, CLAIMED, began), VENDOR, ALLOWED, began + LONGEST_CALL)


def test_a_promise_is_waited_for_and_then_counted_from() -> None:
    promised = at("2026-11-17 10:00")
    assert not silent("2026-11-17 09:59", promised_until=promised)
    assert not silent("2026-11-17 10:14", promised_until=promised)
    assert silent("2026-11-17 10:15", promised_until=promised)


moments = st.integers(0, 60 * 24 * 21).map(lambda minutes: at("2026-11-16 00:00") + timedelta(minutes=minutes))


@given(moments, moments)
def test_open_time_is_what_counting_the_minutes_gives(start: datetime, end: datetime) -> None:
    start, end = min(start, end), max(start, end)
    minutes = int((end - start).total_seconds() // 60)
    step = max(1, minutes // 400)
    # Sampled: each sample stands for ``step`` minutes, so the two agree to within one step at each edge of an opening.
    counted = sum(step for n in range(0, minutes, step) if VENDOR.state_at(start + timedelta(minutes=n)).open)
    assert abs(VENDOR.open_time(start, end) / timedelta(minutes=1) - counted) <= step * 44


@pytest.mark.parametrize(
    ("now", "since"),
    [
        ("2026-11-16 10:00", "2026-11-16 08:00"),
        ("2026-11-16 07:00", "2026-11-13 17:00"),
        ("2026-11-16 17:00", "2026-11-16 17:00"),
        ("2026-11-26 12:00", "2026-11-25 17:00"),  # Thanksgiving
    ],
)
def test_when_the_office_last_opened_or_closed(now: str, since: str) -> None:
    assert VENDOR.state_since(at(now)) == at(since)
