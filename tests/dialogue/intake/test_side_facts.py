"""Facts that a message gives in passing fill the draft, also those behind the part of a long text that a turn has."""

import pytest

from tests.support.working_interview import WorkingInterview

PROBLEM = {"problem": "it crashes when I print", "contact": "kim@brightsons.example"}
LONG = "it crashes when I print and nothing helps. " * 60


@pytest.fixture
def interview() -> WorkingInterview:
    return WorkingInterview()


def test_what_was_said_before_the_category_is_known_is_not_asked_later(interview: WorkingInterview) -> None:
    interview.starts()
    assert interview.mentions("version 12.2.1 here, error QB-2107") == ["product_version", "error_text"]
    interview.hears("it crashes when I print")
    interview.hears("kim@brightsons.example")
    assert interview.asking() == "printer"


@pytest.mark.parametrize("text", ["the balance sheet for 2025", "the one from last year"])
def test_a_dated_report_is_asked_for_and_answered(interview: WorkingInterview, text: str) -> None:
    interview.starts(**{**PROBLEM, "problem": "the tax report is wrong"}, product_version="12.2.1")
    interview.hears(text)
    assert interview.answers()["report"] == text


def test_nothing_is_overwritten_but_a_missing_kind_of_contact_is_added(interview: WorkingInterview) -> None:
    interview.starts(**PROBLEM, product_version="12.2")
    interview.mentions("version 13.0, write to bob@y.example or call 020 7946 0958")
    answers = interview.answers()
    assert answers["product_version"] == "12.2"
    assert answers["contact"] == "kim@brightsons.example, 020 7946 0958"


def test_the_newest_wish_for_a_call_back_counts(interview: WorkingInterview) -> None:
    interview.starts(**PROBLEM)
    assert interview.mentions("call me tomorrow at 3pm") == ["call_back"]
    interview.mentions("no, call me on friday")
    assert interview.answers()["call_back"] == "on friday"


def test_a_fact_at_the_end_of_a_long_text_is_not_asked(interview: WorkingInterview) -> None:
    interview.starts()
    interview.mentions(f"{LONG} I have version 12.2.1, my address is kim@brightsons.example, call me on friday")
    answers = interview.answers()
    assert (answers["product_version"], answers["contact"]) == ("12.2.1", "kim@brightsons.example")
    assert answers["call_back"] == "on friday"


def test_an_address_at_the_end_of_a_long_answer_is_the_answer(interview: WorkingInterview) -> None:
    interview.starts(problem="it crashes when I print")
    interview.hears(f"{LONG} My address is kim@brightsons.example")
    assert interview.answers()["contact"] == "kim@brightsons.example"
