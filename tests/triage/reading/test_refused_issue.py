"""Who refuses an issue or takes it back, what they ask instead, and who says something else with such words."""

import pytest

from bot.triage.reading.refused_issue import asked_instead, only_asks, refuses_issue


@pytest.mark.parametrize(
    "text",
    [
        "but I don't want a ticket, I want to export the list",
        "I did not ask for a technician!",
        "we never asked for an issue",
        "I'm not going to pay for this.",
        "I don't want to pay",
        "Oh dear, please cancel the paying thing",
        "remove that ticket please",
        "Please close my case, a friend has helped me",
        "cancel TR-483-920-179",
        "Take that back please",
        "take me off the list",
        "close it, it was nothing",
        "no ticket please",
        "Please delete that reference, and how do I undo it?",
        "could you close the case please?",
        "Ich will kein Ticket",
        "Schließen Sie bitte den Fall",
        "je ne veux pas payer",
        "no quiero pagar",
        "nie chcę płacić",
    ],
)
def test_a_refusal_is_recognised(text: str) -> None:
    assert refuses_issue(text)


@pytest.mark.parametrize(
    "text",
    [
        "don't close the ticket",
        "I do not want to close the case",
        "can I cancel the issue of an invoice?",
        "delete the invoice please",
        "I can't pay a supplier from the list",
        "I don't want to pay twice for one licence",
        "we closed the case last year and the report is wrong",
        "how do I delete a reference from an invoice?",
        "the customer doesn't want to pay and I need a reminder",
        "I want a technician",
    ],
)
def test_other_words_refuse_nothing(text: str) -> None:
    assert not refuses_issue(text)


def test_what_is_asked_instead_is_kept() -> None:
    assert (
        asked_instead("me@fern.example but I don't want an issue, I want to undo an import")
        == "I want to undo an import"
    )
    assert asked_instead("I don't want to pay! I only want to know where the journal is.").endswith(
        "where the journal is."
    )
    assert asked_instead("Please delete that ticket.") == ""


def test_a_statement_may_ask() -> None:
    assert only_asks("I asked if it runs on Debian 12")
    assert only_asks("We only wanted to print it a second time")
    assert not only_asks("The bank import stops at row 4")
