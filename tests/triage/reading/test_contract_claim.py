"""Who says that there is a support contract, and who only asks about one."""

import pytest

from bot.triage.reading.contract_claim import claims_contract


@pytest.mark.parametrize(
    "text",
    [
        "we have a support contract",
        "We have a contract with you!",
        "we've got a maintenance contract",
        "I'm on a support plan",
        "our company has a maintenance contract with you",
        "we are on a support contract",
        "do I have to pay? we have a contract",
        "our contract number is 4711",
        "contract no. QS-2231",
    ],
)
def test_a_claim_is_taken_as_one(text: str) -> None:
    assert claims_contract(text)


@pytest.mark.parametrize(
    "text",
    [
        "do we have a support contract?",
        "what does a support contract cost",
        "we don't have a contract",
        "we have no contract",
        "our contract ended last year",
        "if we had a contract, would it be free",
        "how do I get a support contract",
        "our contract with the landlord will not print",
        "we have a problem with invoices",
    ],
)
def test_questions_and_denials_claim_nothing(text: str) -> None:
    assert not claims_contract(text)
