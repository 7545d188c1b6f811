"""A canned reply reads well where something is not known."""

import pytest

from bot.services.desk.canned_replies import filled


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello {customer}, please send the log.", "Hello, please send the log."),
        ("Dear {customer}\nthank you", "Dear\nthank you"),
        ("{customer}: {reference}", ": TR-1"),
        ("{reference} {{as is}}", "TR-1 {as is}"),
    ],
)
def test_a_placeholder_without_a_value_goes_with_the_space_before_it(text: str, said: str) -> None:
    assert filled(text, {"customer": "", "reference": "TR-1"}) == said


def test_a_name_that_is_known_is_filled_in() -> None:
    assert filled("Hello {customer}, hi.", {"customer": "Mia"}) == "Hello Mia, hi."
