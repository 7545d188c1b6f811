"""A mail after the last of the assistant about an issue: kept for the technician, but for an end or harm."""

import pytest

from tests.support.turn_contexts import decided, replies, waits, written


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("any news on this?", "ask_status"),
        ("how do I print labels?", "how_to"),
        ("that did not help at all", "not_solved"),
        ("please cancel our subscription", "cancel"),
    ],
)
def test_the_assistant_is_silent(words: str, intent: str) -> None:
    plan = decided(written(words, persons_turn=True, **waits()), intent)
    assert (plan.rule, plan.silent, replies(plan)) == ("a person answers the mail", True, [])


@pytest.mark.parametrize(
    ("words", "intent"), [("it works now, thank you", "solved"), ("we lost all invoices of last year", "report_issue")]
)
def test_an_end_and_harm_are_not_left_for_later(words: str, intent: str) -> None:
    assert decided(written(words, persons_turn=True, **waits()), intent).rule != "a person answers the mail"


def test_without_an_issue_that_is_open_nothing_is_held_back() -> None:
    assert decided(written("how do I print labels?", persons_turn=True), "how_to").rule != "a person answers the mail"
