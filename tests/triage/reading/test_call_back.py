"""A time to be called is read as it was written; a telephone number is none."""

import pytest

from bot.triage.reading.call_back import find_call_back


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("please call me tomorrow at 3pm", "tomorrow at 3pm"),
        ("can you call me back after 2 pm on 020 7946 0958", "after 2 pm"),
        ("call us between 9 and 11", "between 9 and 11"),
        ("Ring me on Tuesday after 14:00 please", "on Tuesday after 14:00"),
        ("I'm free this afternoon", "this afternoon"),
        ("I can be reached before noon", "before noon"),
        ("I'd like an appointment with a technician tomorrow at 9:30", "tomorrow at 9:30"),
        ("can we schedule a call for Thursday at 10", "Thursday at 10"),
        ("call me today 2-4 p.m. Pacific on 302-555-0199", "today 2-4 p.m. Pacific"),
        ("please ring back 3 p.m. Eastern time", "3 p.m. Eastern time"),
        ("call us 9:30 to 11 am CET", "9:30 to 11 am CET"),
        ("a callback in half an hour would be great", "in half an hour"),
    ],
)
def test_the_time_is_found(text: str, when: str) -> None:
    assert find_call_back(text) == when


@pytest.mark.parametrize(
    "text",
    [
        "",
        "please call me",
        "it crashes at 3pm",
        "since yesterday",
        "call me at 555 018 2233",
        "call me on 020 7946 0958",
    ],
)
def test_nothing_is_found_where_no_time_is_named(text: str) -> None:
    assert find_call_back(text) is None
