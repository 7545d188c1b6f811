"""An account of something with an address is a report; an introduction with one is not."""

import pytest

from bot.dialogue.plan import Say
from tests.support.turn_contexts import decided, written

REPORT = "a problem with its facts"


@pytest.mark.parametrize(
    "text",
    [
        "our opening balance moved by eighteen dollars, accounts@tidewater.example",
        "statement for one customer shows invoices of another, info@larkrise.example",
        "the word CONFIDENTIAL in our layout prints right across the address. ulla@consult.example",
    ],
)
@pytest.mark.parametrize("intent", ["inform", "how_to", "nlu_fallback"])
def test_an_account_with_an_address_is_a_report(text: str, intent: str) -> None:
    assert decided(written(text), intent).rule in (REPORT, "trouble that the manual knows")


@pytest.mark.parametrize(
    "text",
    [
        "hello, its Ken from the mill, ken@mill.example",
        "my mail is ken@mill.example if you need it",
        "ken@mill.example",
        "good day, my name is Ines, i am best on ines@mill.example",
        "Good morning, this is Paul from Acme. You can reach me at paul@mill.example",
    ],
)
def test_an_introduction_with_an_address_is_none(text: str) -> None:
    assert decided(written(text), "inform").rule != REPORT


@pytest.mark.parametrize(
    "text", ["12.2.1 btw", "hi, just so u know im on 12.1.0", "fyi we're running version 11.6 here"]
)
@pytest.mark.parametrize("intent", ["how_to", "inform", "report_issue", "nlu_fallback"])
def test_a_version_that_is_mentioned_is_noted_before_any_issue(text: str, intent: str) -> None:
    plan = decided(written(text), intent)
    assert plan.rule in ("facts before the problem", "facts are given")
    assert next(part.response for part in plan.reply if isinstance(part, Say)) in (
        "utter_facts_noted",
        "utter_ask_problem",
    )
