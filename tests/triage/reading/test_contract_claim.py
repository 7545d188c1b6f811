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
        "we're under a maintenance contract, so how soon can you be here?",
        "there's no time to look it up, but we have a contract",
        "Sure, contract.",
        "I told you already yes, the contract. And the printer is on fire",
        "contract: yes",
        "0161 496 0188, and so that you need not ask: yes, service contract",
        "paid by contract as far as I know",
        "Wir haben einen Wartungsvertrag, wie lange dauert es?",
        "on a un contrat d'assistance",
        "tenemos contrato de mantenimiento",
        "abbiamo un contratto di assistenza",
        "temos contrato convosco",
        "we hebben een onderhoudscontract",
        "mamy umowę serwisową",
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
        "we have a contract, don't we?",
        "yes, contract?",
        "we had a support contract, but it ran out",
        "nobody knows whether we have a contract",
        "Wir haben keinen Vertrag",
        "nous n'avons pas de contrat",
        "nie mamy żadnej umowy, ile to kosztuje?",
        "ich weiß nicht, ob wir einen Vertrag haben",
    ],
)
def test_questions_and_denials_claim_nothing(text: str) -> None:
    assert not claims_contract(text)
