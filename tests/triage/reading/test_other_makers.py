"""Trouble with another maker's program or thing is told from trouble that only names one."""

import pytest

from bot.triage.reading.other_makers import is_about_another_program, is_anothers_trouble


@pytest.mark.parametrize(
    "text",
    [
        "Sage 50 won't open since this morning",
        "our coffee machine is broken",
        "Hi, my Outlook keeps crashing",
        "I can't log into Xero",
        "the office fridge stopped cooling",
        "can you fix my car",
        "My pivot table in Microsoft Excel shows #REF!, how do I fix that?",
        "the calendar in Outlook doesn't sync",
        "QuickBooks shows an error at start",
        "we have a problem with our projector",
    ],
)
def test_anothers_trouble(text: str) -> None:
    assert is_anothers_trouble(text)


@pytest.mark.parametrize(
    "text",
    [
        "the invoice won't open in Outlook",
        "import from Sage fails",
        "it crashes when I export to Excel",
        "after moving from Xero the balances are wrong",
        "how do I switch from QuickBooks",
        "the printer doesn't print",
        "the window is empty",
        "reports look wrong on my tablet",
    ],
)
def test_trouble_that_only_names_one(text: str) -> None:
    assert not is_anothers_trouble(text)


@pytest.mark.parametrize(
    "text",
    [
        "My Sage prints invoices without a logo",
        "our xero shows the wrong balance",
        "how do I run payroll in Gusto",
        "how do i change the interest rate in quickbooks online?",
        "hi, quicken lost my categories",
    ],
)
def test_a_program_for_the_same_work_is_anothers(text: str) -> None:
    assert is_about_another_program(text)


@pytest.mark.parametrize(
    "text",
    [
        "how do I import my customers from Sage?",
        "we are switching from QuickBooks, can you help",
        "Sage files are refused by the import",
        "my invoices print without a logo",
        "is it better than xero",
        "the printer in the wave room is not found",
    ],
)
def test_what_comes_from_another_program_is_ours(text: str) -> None:
    assert not is_about_another_program(text)
