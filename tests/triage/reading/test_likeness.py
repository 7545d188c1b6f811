"""Whether two reports are about the same trouble."""

import pytest

from bot.triage.reading.similarity import alike, groups


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Error QB-2107 when I open a company", "we get qb-2107 all the time"),
        ("Quillbook closes when I print an invoice", "printing invoices closes the program"),
        ("the bank statement import stops at row 210", "Importing our bank statement stops"),
        ("cannot reach the server since the update", "since the update the server cannot be reached"),
    ],
)
def test_the_same_trouble_in_other_words(one: str, other: str) -> None:
    assert alike(one, other) and alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Quillbook closes when I print an invoice", "How do I change the invoice logo"),
        ("Error QB-2107 when I open a company", "Error QB-4102 in the backup"),
        ("it does not work", "it is not working for me"),
        ("", ""),
        ("printing is slow", "import is slow"),
    ],
)
def test_other_trouble_however_alike_it_sounds(one: str, other: str) -> None:
    assert not alike(one, other)


def test_groups_hold_every_text_once_and_the_largest_comes_first() -> None:
    texts = {
        1: "backup disk full again",
        2: "invoice printing crashes",
        3: "crashes when printing an invoice",
        4: "print invoice crash",
    }
    assert groups(texts) == [[2, 3, 4], [1]]
