"""The form of a sentence: asks, orders, denies; and what leans on something before it."""

import pytest

from bot.triage.reading.form import announces_a_question, asks, is_short, is_yes_no_question, negates, orders
from bot.triage.reading.leaning import cannot_see, leans_on_before, names_ordinal

QUESTIONS = (
    "how do i print two copies",
    "hang on, can you see my screen?",
    "where is that setting",
    "does it run on linux",
    "is there a newer one",
    "may i use it on two computers",
    "I'd like to know whether it can export",
    "12.2.1, and is there a newer one?",
    "ilse@shop.example. By the way, can I print several in one go?",
    "will you send me ads",
    "no idea where to find that",
    "Could you tell me which ports to open",
    "which report shows who owes us",
    "whats your phone number",
    "that is in the menu, right?",
    "sorry, what was the question",
)
STATEMENTS = (
    "12.2.1",
    "the printer is an HP 2130",
    "nothing changed before it began",
    "Since Tuesday invoices print twice",
    "it began on Monday",
    "FIX THIS NOW",
    "I can do it tomorrow",
    "two of us are stuck",
    "thanks a lot",
    "the user is tim, role bookkeeper",
    "when i open the list it is empty, that is all",
)
ORDERS = (
    "fix this now",
    "FIX THIS NOW!!!",
    "just get it sorted will you",
    "make it work, thats what we pay for",
    "stop wasting my time",
    "please call me back",
    "you must repair this today",
    "do something",
)
NO_ORDERS = ("it works now", "yes that did it", "the list is empty", "I fixed it", "version 12.2.1")
DENIALS = (
    "it's not working",
    "nothing works",
    "it doesnt work",
    "still wrong",
    "no",
    "never solved",
    "that didn't help",
)
AFFIRMATIONS = ("it works now", "yes that did it", "solved, thanks", "all good again")
LEANING = (
    "and on a Mac?",
    "what about the second one?",
    "what if they only pay half?",
    "how long is that good for",
    "for all customers at once?",
    "can it do that on its own every evening?",
    "but the old one is dead",
    "i don't see that in my menu, where is it",
    "the Credit button is grey on mine",
    "and the last one?",
    "ok and then?",
    "if it was already paid?",
)
STANDING_ALONE = (
    "how do I add a user",
    "printing crashes with QB-2107",
    "Which ports must our IT open for the server?",
    "how do i close the year",
)


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_asks(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize("text", STATEMENTS)
def test_a_statement_does_not_ask(text: str) -> None:
    assert not asks(text)


def test_a_question_for_yes_or_no_differs_from_others() -> None:
    assert is_yes_no_question("does it run on linux") and is_yes_no_question("Can I try it before I buy?")
    assert not is_yes_no_question("which version is it") and not is_yes_no_question("how do I print")


@pytest.mark.parametrize("text", ORDERS)
def test_an_order_orders(text: str) -> None:
    assert orders(text)


@pytest.mark.parametrize("text", NO_ORDERS)
def test_a_report_does_not_order(text: str) -> None:
    assert not orders(text)


@pytest.mark.parametrize("text", DENIALS)
def test_a_denial_denies(text: str) -> None:
    assert negates(text)


@pytest.mark.parametrize("text", AFFIRMATIONS)
def test_an_affirmation_denies_nothing(text: str) -> None:
    assert not negates(text)


@pytest.mark.parametrize("text", LEANING)
def test_a_remark_leans_on_what_was_said(text: str) -> None:
    assert leans_on_before(text)


@pytest.mark.parametrize("text", STANDING_ALONE)
def test_a_whole_question_stands_alone(text: str) -> None:
    assert not leans_on_before(text)


def test_parts_of_leaning() -> None:
    assert names_ordinal("the second one") and names_ordinal("step 3") and not names_ordinal("a second invoice")
    assert cannot_see("I don't have that button") and cannot_see("it's greyed out")
    assert is_short("and on a Mac?") and not is_short("one two three four five six seven eight nine")


def test_a_question_is_announced() -> None:
    for text in (
        "I have a question.",
        "hi, i've got a quick question",
        "can I ask you something?",
        "just one question",
    ):
        assert announces_a_question(text), text
    for text in ("I have a question about invoice 22 that prints twice", "how do I print", "something is wrong"):
        assert not announces_a_question(text), text
