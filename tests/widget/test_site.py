"""The facts on the vendor's page."""

from datetime import time

import pytest

from bot.widget.site import week_in_words

MORNING, AFTERNOON = (time(8), time(12)), (time(13), time(17, 30))


@pytest.mark.parametrize(
    ("weekly", "words"),
    [
        ({day: [(time(8), time(17))] for day in range(5)}, "Monday to Friday 8:00–17:00"),
        ({0: [MORNING], 1: [MORNING], 5: [MORNING]}, "Monday to Tuesday 8:00–12:00, Saturday 8:00–12:00"),
        ({2: [MORNING, AFTERNOON]}, "Wednesday 8:00–12:00 and 13:00–17:30"),
        ({0: [MORNING], 1: [AFTERNOON], 2: []}, "Monday 8:00–12:00, Tuesday 13:00–17:30"),
        ({}, ""),
    ],
)
def test_days_with_the_same_hours_are_put_together(weekly: dict[int, list[tuple[time, time]]], words: str) -> None:
    assert week_in_words(weekly) == words
