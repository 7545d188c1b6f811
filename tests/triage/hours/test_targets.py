"""Targets count opening time, from the logging of an issue on."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.triage.hours.targets import Goal, Progress, warning_of, was_met
from tests.support.gateway_fixture import SUPPORT

HOURS = SUPPORT.office_hours
TARGETS = {Goal.FIRST_ANSWER: timedelta(minutes=60), Goal.SOLUTION: timedelta(hours=8)}
# Thursday, 11 June 2026, 16:30 at the office, half an hour before it closes.
LOGGED = datetime(2026, 6, 11, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answered", "now", "goal", "left"),
    [
        (None, timedelta(minutes=29), None, None),
        (None, timedelta(hours=10), None, None),
        (None, timedelta(hours=15, minutes=50), Goal.FIRST_ANSWER, 10),
        (None, timedelta(hours=16, minutes=10), Goal.FIRST_ANSWER, -10),
        (timedelta(minutes=5), timedelta(hours=16), None, None),
        (timedelta(minutes=5), timedelta(hours=22), Goal.SOLUTION, 60),
        (timedelta(minutes=5), timedelta(days=5), Goal.SOLUTION, None),
    ],
)
def test_an_open_issue_warns_of_the_target_that_presses(
    answered: timedelta | None, now: timedelta, goal: Goal | None, left: int | None
) -> None:
    progress = Progress(LOGGED, LOGGED + answered if answered is not None else None, None)
    found = warning_of(HOURS, TARGETS, progress, LOGGED + now)
    assert (found.goal if found else None) == goal
    if found and left is not None:
        assert found.left == timedelta(minutes=left)
        assert found.missed == (left < 0)


def test_what_is_resolved_or_has_no_target_warns_of_nothing() -> None:
    late = LOGGED + timedelta(days=30)
    assert warning_of(HOURS, TARGETS, Progress(LOGGED, None, LOGGED), late) is None
    assert warning_of(HOURS, {}, Progress(LOGGED, None, None), late) is None


def test_a_night_does_not_count() -> None:
    assert was_met(HOURS, timedelta(minutes=60), LOGGED, LOGGED + timedelta(hours=15, minutes=59))
    assert not was_met(HOURS, timedelta(minutes=60), LOGGED, LOGGED + timedelta(hours=16, minutes=1))
