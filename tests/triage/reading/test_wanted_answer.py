"""Which kind of answer a question wants."""

import pytest

from bot.triage.reading.wanted_answer import (
    asks_about_product,
    asks_for_fact,
    asks_for_way,
    asks_price_of_support,
    has_wanted_shape,
    premise_of,
)


@pytest.mark.parametrize(
    "text",
    [
        "how do i print",
        "steps to move it to my laptop please",
        "client paid cash, where do i enter that",
        "can you tell me how to get the word COPY onto it",
        "what's the best way to reverse an entry",
        "a supplier gave us a credit, how is that entered",
    ],
)
def test_a_way_is_wanted(text: str) -> None:
    assert asks_for_way(text)
    assert not asks_for_fact(text)


@pytest.mark.parametrize(
    "text",
    ["does it run on linux?", "how many desks are there", "how long does it take", "is it possible to print labels"],
)
def test_a_fact_is_wanted(text: str) -> None:
    assert asks_for_fact(text)
    assert asks_about_product(text)


@pytest.mark.parametrize("text", ["can you call me", "is anyone there?", "does my printer fail? it does not print"])
def test_support_and_trouble_are_not_the_product(text: str) -> None:
    assert not asks_about_product(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what does support cost", True),
        ("do i have to pay", True),
        ("is it free?", True),
        ("how much is it", True),
        ("can i try it before i buy", False),
        ("how much interest may I charge a late payer", False),
    ],
)
def test_the_price_of_support_is_meant(text: str, expected: bool) -> None:
    assert asks_price_of_support(text) is expected


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("how long is that one good for?", "They sign in with it within three days.", True),
        ("how long is that one good for?", "Choose one of your own.", False),
        ("how many seats are there", "For 2 to 25 desks.", True),
        ("and who may do that?", "As administrator choose Reopen.", True),
        ("and who may do that?", "Choose Reopen on that month.", False),
        ("where is that?", "Choose Tools > Users.", True),
        ("is it free?", "It takes three days.", False),
    ],
)
def test_a_sentence_has_what_the_kind_of_question_wants(question: str, sentence: str, expected: bool) -> None:
    assert has_wanted_shape(question, sentence) is expected


@pytest.mark.parametrize(
    ("text", "premise"),
    [
        ("where do i download the tablet app?", "is there a tablet app"),
        ("how can we turn on an automatic lock?", "is there an automatic lock"),
        ("how do I print an invoice?", None),
        ("is there an app?", None),
    ],
)
def test_a_question_where_to_get_a_thing_takes_for_granted_that_there_is_one(text: str, premise: str | None) -> None:
    assert premise_of(text) == premise
