"""Which of several products a message names: in any letters, not as an ordinary word, not one that it rules out."""

import pytest

from bot.triage.reading.product_named import product_said_alone, products_named, says_no_product

NAMES = {"ledger": ("Ledger", "Northwind Ledger"), "stockroom": ("Stockroom", "Stock Room")}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("How do I print labels in Ledger?", ["ledger"]),
        ("how do i print labels in stockroom", ["stockroom"]),
        ("STOCK ROOM says the rack is full", ["stockroom"]),
        ("stock  room is slow", ["stockroom"]),
        ("Northwind Ledger does not start", ["ledger"]),
        ("Can I move a delivery from Stockroom to Ledger?", ["stockroom", "ledger"]),
        ("the ledger app crashes", ["ledger"]),
        ("the general ledger does not balance", []),
        ("my stockroom is full of old paper", []),
        ("ledgers and stockrooms", []),
        ("this isn't about Stockroom but Ledger", ["ledger"]),
        ("not Ledger, Stockroom", ["stockroom"]),
        ("how do I print labels?", []),
        ("", []),
    ],
)
def test_products_are_found_by_their_names(text: str, named: list[str]) -> None:
    assert list(products_named(text, NAMES)) == named


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("Ledger", "ledger"),
        ("ledger please", "ledger"),
        ("no, it is about Ledger", "ledger"),
        ("No, it's about the Stockroom app, sorry", "stockroom"),
        ("I meant Stock Room!", "stockroom"),
        ("No, not Ledger, Stockroom", "stockroom"),
        ("wrong product: we use Stockroom", "stockroom"),
        ("Ledger or Stockroom", None),
        ("Ledger crashes", None),
        ("no, it is about the year", None),
        ("in Ledger I cannot print", None),
    ],
)
def test_a_message_may_say_nothing_but_the_product(text: str, product: str | None) -> None:
    assert product_said_alone(text, NAMES) == product


@pytest.mark.parametrize("text", ["I don't know", "no idea.", "both", "not sure", "none of them", "skip this"])
def test_nobody_has_to_know(text: str) -> None:
    assert says_no_product(text)


@pytest.mark.parametrize("text", ["I don't know how to print", "no", "both labels are cut off", ""])
def test_anything_else_is_no_answer_to_that(text: str) -> None:
    assert not says_no_product(text)
