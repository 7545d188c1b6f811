"""The form of a sentence is what people of every trade write."""

from bot.engine.sentence_form import FEWEST_EXAMPLES, FEWEST_INTENTS, common_words, form_of

COMMON = {"how", "do", "i", "the", "?"}


def test_two_trades_have_one_form() -> None:
    assert form_of("How do I reprint the invoice?", COMMON) == "< how do i _ the _ ? >"
    assert form_of("how do I descale the tall boiler?", COMMON) == form_of("How do I reprint the invoice?", COMMON)


def test_a_number_is_a_number_whichever() -> None:
    assert form_of("502 since 12", COMMON) == "< # _ # >"


def test_nothing_has_a_form_as_well() -> None:
    assert form_of("", COMMON) == "< >"


def test_common_is_what_many_examples_of_many_intents_have() -> None:
    intents = [f"intent {number % FEWEST_INTENTS}" for number in range(FEWEST_EXAMPLES)]
    texts = [f"the thing{number}" for number in range(FEWEST_EXAMPLES)]
    assert common_words(texts, intents) == ["the"]
    assert common_words(texts, ["one"] * FEWEST_EXAMPLES) == []
