"""A bare announcement of a problem is told from its description."""

import pytest

from bot.triage.reading.report_words import names_a_problem, orders_logging


@pytest.mark.parametrize(
    "text",
    [
        "",
        "???",
        "Something is not working.",
        "I want to report a problem",
        "Log it as an issue",
        "This is another problem",
        "hi, I need help with Quillbook please",
        "we have an issue",
        "can you open a new ticket",
    ],
)
def test_an_announcement_names_no_problem(text: str) -> None:
    assert not names_a_problem(text)


@pytest.mark.parametrize(
    "text",
    ["it crashes", "Quillbook does not open", "QB-2107", "our invoices are gone", "printing is not working"],
)
def test_a_description_does(text: str) -> None:
    assert names_a_problem(text)


@pytest.mark.parametrize(
    "text",
    ["Could you log a problem: the margins jump", "please log that the list jumps", "can you record something: no tax"],
)
def test_an_order_to_log_is_read(text: str) -> None:
    assert orders_logging(text)
