"""An order to put things right, and the word that an answer did not help."""

import pytest

from bot.triage.reading.complaints import orders_a_cure, says_it_did_not_help


@pytest.mark.parametrize(
    "text",
    [
        "FIX THIS NOW",
        "just get it sorted will you",
        "make it work",
        "please fix it",
        "do something",
        "I want this resolved today",
        "sort it out",
        "hurry up",
        "solve my problem",
        "we need it working by noon",
    ],
)
def test_an_order_to_put_it_right(text: str) -> None:
    assert orders_a_cure(text)


@pytest.mark.parametrize(
    "text",
    [
        "how do I fix it?",
        "the update fixed it",
        "it is fixed",
        "QB-2107, fix this",
        "where do I solve that",
        "Nothing that I know of",
        "we sort the list by name",
        "I made a backup",
    ],
)
def test_no_order_to_put_it_right(text: str) -> None:
    assert not orders_a_cure(text)


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "no that didnt help at all",
        "still not what I want",
        "that's not it",
        "not what I asked",
        "this is no use",
        "wrong page",
        "didn't answer my question",
        "nope",
        "not helpful",
        "tried that already",
    ],
)
def test_an_answer_did_not_help(text: str) -> None:
    assert says_it_did_not_help(text)


@pytest.mark.parametrize(
    "text", ["and on a Mac?", "thanks, that helped", "where is that menu", "what if it was paid already"]
)
def test_it_may_have_helped(text: str) -> None:
    assert not says_it_did_not_help(text)
