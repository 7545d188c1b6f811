"""What supervisors see of a customer's words: how it was put, never who or what number."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.privacy.anonymise import LONGEST, anonymise, as_example, phrase_key


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("mail me at mia.jones@bakery.example or bob@x.example", "mail me at [e-mail] or [e-mail]"),
        ("call me on 212-555-0147 please", "call me on [phone] please"),
        ("My name is Mia Jones, invoice 2026-0417 is wrong", "My name is [name], invoice [number] is wrong"),
        ("this is Mia from accounts", "this is [name] from accounts"),
        ("i am stuck with QB-2107 in 12.2.1", "i am stuck with QB-2107 in 12.2.1"),
        ("see https://files.example/mia?id=7 \n\n for it", "see [link] for it"),
        ("it was at 12 Baker Street, and then?", "it was at [address], and then?"),
        ("my key is AB12C-3DE4F-GH56I-78JKL", "my key is [number]"),
        ("what of TR-483-920-179 and PO 20260417?", "what of [reference] and PO [number]?"),
        ("MIA's books at the blue bakery ltd, not the bakery", "[name]'s books at the [name], not the bakery"),
    ],
)
def test_what_points_at_somebody_is_gone(written: str, shown: str) -> None:
    assert anonymise(written, ["Mia Jones", "al"], "Blue Bakery Ltd") == shown


@given(st.text(max_size=400))
def test_no_long_number_and_no_address_ever_stays(text: str) -> None:
    shown = anonymise(text)
    assert len(shown) <= LONGEST
    assert not re.search(r"\d{5}", shown)
    assert not re.search(r"\w@\w+\.[a-z]{2}", shown)


@given(st.text(max_size=200))
def test_an_example_is_one_line_without_markup_that_training_data_could_misread(text: str) -> None:
    example = as_example(anonymise(text))
    assert not re.search(r"[\[\]{}<>`|\n\r]", example)
    assert not example.startswith(("/", "-", "#", " "))


def test_an_example_reads_as_a_customer_writes() -> None:
    assert as_example(anonymise("ring Mia on 212-555-0147", ["Mia"])) == "ring Alex on 555-0142"


def test_punctuation_and_capitals_make_no_other_phrase() -> None:
    assert phrase_key("Where IS it??") == phrase_key("where is it")


def test_numbers_are_alike_in_a_phrase_and_none_is_taught() -> None:
    assert phrase_key("invoice 12 is wrong") == phrase_key("Invoice 2107 is wrong") != phrase_key("invoice is wrong")
    assert as_example(anonymise("QB-2107 in 12.2.1")) == "QB-12 in 12"


def test_a_name_that_is_a_word_of_a_mark_leaves_the_mark_whole() -> None:
    assert anonymise("I'm at mia@bakery.example, Mail", ["Mail"]) == "I'm at [e-mail], [name]"
