"""The answer to "do you have a support contract?" among other words, and what the others say."""

import pytest

from bot.triage.reading.payer_words import Payer, payer_among, pays_by_hour

AMONG = [
    ("Yes, contract. And can we print in the meantime?", Payer.CONTRACT, "And can we print in the meantime?"),
    ("Who of you is on it? Yes, we do have one.", Payer.CONTRACT, "Who of you is on it?"),
    (
        "Yes contract, the number I don't have here. Send me the steps please.",
        Payer.CONTRACT,
        "Send me the steps please.",
    ),
    ("contract yes. skip the others. when is it my turn", Payer.CONTRACT, "when is it my turn"),
    ("no time for this, we're on a service plan", Payer.CONTRACT, ""),
    ("We pay by the hour. How long is the queue?", Payer.HOUR, "How long is the queue?"),
    ("No. Is the data lost?", Payer.HOUR, "Is the data lost?"),
    ("I'm not sure, ask our accountant. How long will it take?", Payer.UNSURE, "How long will it take?"),
    ("No time for contracts. Can we switch it off?", Payer.UNSURE, "Can we switch it off?"),
]
ABROAD = [
    ("Ja, haben wir. Ist die Datei verloren?", Payer.CONTRACT, "Ist die Datei verloren?"),
    ("Oui, sous contrat. On peut imprimer ?", Payer.CONTRACT, "On peut imprimer ?"),
    ("Sí, con contrato. ¿Puedo seguir trabajando?", Payer.CONTRACT, "¿Puedo seguir trabajando?"),
    ("Tak, mamy umowę. Czy mogę dalej pracować?", Payer.CONTRACT, "Czy mogę dalej pracować?"),
    ("Nee, per uur. Hoe lang duurt het?", Payer.HOUR, "Hoe lang duurt het?"),
]


@pytest.mark.parametrize(("text", "payer", "rest"), AMONG)
def test_the_answer_is_taken_from_among_other_words(text: str, payer: Payer, rest: str) -> None:
    told = payer_among(text)
    assert told is not None and (told.payer, told.rest) == (payer, rest)


@pytest.mark.parametrize(("text", "payer", "rest"), ABROAD)
def test_the_answer_is_taken_in_other_languages(text: str, payer: Payer, rest: str) -> None:
    told = payer_among(text, foreign=True)
    assert told is not None and (told.payer, told.rest) == (payer, rest)


@pytest.mark.parametrize(
    "text",
    [
        "I don't know why it stops, can you see it?",
        "No, that is wrong. It prints twice!",
        "Which contract do you mean?",
        "the plan prints with a grey bar",
        "We do the wages by hand. What now?",
    ],
)
def test_words_about_something_else_are_no_answer(text: str) -> None:
    assert payer_among(text) is None


def test_only_who_pays_for_support_is_believed_unasked() -> None:
    assert pays_by_hour("We pay you by the hour, it crashes when printing")
    assert pays_by_hour("we have no support contract with you")
    assert not pays_by_hour("we pay Tom by the hour and his wages are wrong")
    assert not pays_by_hour("do we pay by the hour?")
