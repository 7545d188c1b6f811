"""Which category a text belongs to, and which question comes next, with the categories we ship."""

from pathlib import Path

import pytest

from bot.settings.support.load import load_support
from bot.triage.issue.routing import Category, Question, categorise, next_question

SHIPPED = load_support(Path("no-such-home")).categories


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("it crashes when I print", "printing"),
        ("the printer only gives BLANK PAGES", "printing"),
        ("why does it say licence expired", "licence_activation"),
        ("license key not accepted on new PC", "licence_activation"),
        ("cannot import the bank statement", "import_export"),
        ("all my invoices are gone", "data_damage"),
        ("you charged us twice", "billing_account"),
        ("forgot my password", "users_permissions"),
        ("cannot connect to the server", "network_server"),
        ("Quillbook is very slow since yesterday", "performance"),
        ("the balance sheet is wrong", "reports"),
        ("the total of an invoice is wrong", "invoices"),
        ("the program won’t start", "crash_error"),
        ("backup failed on the USB disk", "backup_restore"),
    ],
)
def test_problems_reach_their_category(text: str, category: str) -> None:
    found = categorise(text, SHIPPED)
    assert found is not None and found.id == category


@pytest.mark.parametrize("text", ["", "hello", "something is odd", "¿qué pasa?"])
def test_a_text_that_names_nothing_has_no_category(text: str) -> None:
    assert categorise(text, SHIPPED) is None


def category(name: str, *keywords: str) -> Category:
    return Category(name, name, "team", keywords, ())


def test_a_keyword_matches_whole_words_unless_it_ends_in_a_star() -> None:
    kinds = [category("cat", "cat"), category("print", "print*")]
    assert categorise("concatenate", kinds) is None
    assert categorise("reprinting", kinds) is None
    assert categorise("printing", kinds) == kinds[1]
    assert categorise("a CAT, perhaps", kinds) == kinds[0]


def test_more_words_weigh_more_and_the_first_of_equals_wins() -> None:
    kinds = [category("short", "file"), category("long", "company file"), category("late", "company  file")]
    assert categorise("the company-file is here", kinds) == kinds[1]
    assert categorise("the file", kinds) == kinds[0]


def test_questions_come_in_order_and_end() -> None:
    questions = (Question("a", "A", "A?", "why"), Question("b", "B", "B?", "why"))
    kind = Category("kind", "Kind", "team", (), questions)
    assert next_question(kind, []) == questions[0]
    assert next_question(kind, {"a", "contact"}) == questions[1]
    assert next_question(kind, {"b"}) == questions[0]
    assert next_question(kind, {"a", "b"}) is None
