"""Messages in seven languages are read as what they are, and no English sentence counts as foreign."""

from pathlib import Path

import pytest

from bot.triage.reading.foreign_forms import form_of
from bot.triage.reading.payer_words import Payer, payer_abroad
from bot.triage.text.language import foreign_language, language_of
from tests.dialogue.nlu_files import TRAINING_FILES, read_examples

LINES = (Path(__file__).parent / "foreign_sentences.txt").read_text(encoding="utf-8").splitlines()
SENTENCES = [tuple(part.strip() for part in line.split("|", 2)) for line in LINES if not line.startswith("#")]
CODES = sorted({code for code, _, _ in SENTENCES})
# Of English sentences of customers at most so many may count as foreign, of a thousand.
MOST_MISTAKEN = 2


@pytest.mark.parametrize("code", CODES)
def test_a_sentence_is_read_as_what_it_is(code: str) -> None:
    mine = [(form, text) for one, form, text in SENTENCES if one == code]
    wrong = [text for form, text in mine if language_of(text) != code or form_of(text, code) != form]
    assert len(mine) >= 20 and len(wrong) <= 1, wrong


@pytest.mark.parametrize(
    "text",
    [
        "Herr Müller and Frau Schmidt can't print",
        "it says “Die Datei wurde nicht gefunden” when I open the report",
        "12.2.1",
        "QB-2107",
        "ok",
        "kim@brightsons.example",
        "the Rechnung template does not print",
        "program crashed",
        "start over",
        "no comment",
        "printer offline",
    ],
)
def test_names_codes_and_quotations_make_no_message_foreign(text: str) -> None:
    assert foreign_language(text) is None


def test_few_english_sentences_count_as_foreign() -> None:
    english = [
        text for intent, texts in read_examples(*TRAINING_FILES).items() if intent != "out_of_scope" for text in texts
    ]
    mistaken = [text for text in english if foreign_language(text)]
    assert len(english) > 3000 and len(mistaken) <= MOST_MISTAKEN * len(english) / 1000, mistaken


def test_a_short_message_stays_in_the_language_of_the_conversation() -> None:
    assert language_of("hallo", "nl") == "nl"
    assert language_of("por favor", "pt") in (None, "pt")


@pytest.mark.parametrize("text", ["こんにちは", "你好，我需要帮助", "помогите", "안녕하세요"])
def test_other_scripts_show_by_their_letters(text: str) -> None:
    assert foreign_language(text) is not None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Hallo", "de"),
        ("hallo!", "de"),
        ("Hallo zusammen", "de"),
        ("Ciao", "it"),
        ("salve,", "it"),
        ("Oi", "pt"),
        ("hoi", "nl"),
        ("Coucou", "fr"),
        ("hola :)", "es"),
        ("witam", "pl"),
    ],
)
def test_a_bare_greeting_shows_its_language(text: str, code: str) -> None:
    assert language_of(text) == code


@pytest.mark.parametrize("text", ["hallo the printer is broken", "ciao invoice", "hallo printer broken again"])
def test_a_greeting_before_english_words_shows_none(text: str) -> None:
    assert foreign_language(text) is None


@pytest.mark.parametrize(
    ("code", "form", "text"),
    [
        ("de", "greeting", "Guten Tag zusammen"),
        ("de", "hours", "Bis wann kann ich Sie heute erreichen?"),
        ("de", "price", "Was verlangen Sie für eine Stunde Hilfe?"),
        ("de", "person", "Verbinden Sie mich bitte mit einem Kollegen"),
        ("de", "never_mind", "Vergessen Sie es, hat sich erledigt"),
        ("de", "status", "Wie ist der Stand meiner Anfrage?"),
        ("fr", "greeting", "Bonjour à tous"),
        ("fr", "hours", "Jusqu'à quelle heure êtes-vous là ?"),
        ("fr", "price", "Quel est le prix de l'assistance ?"),
        ("fr", "person", "Passez-moi un conseiller s'il vous plaît"),
        ("fr", "never_mind", "Laissez tomber, ce n'est plus nécessaire"),
        ("fr", "status", "Où en est ma demande ?"),
        ("fr", "problem", "Les étiquettes sortent vides depuis hier, merci de noter ce défaut"),
        ("fr", "thanks", "Merci de votre patience"),
        ("fr", "thanks", "Merci de m'avoir répondu"),
        ("es", "greeting", "Muy buenas"),
        ("es", "hours", "¿Hasta qué hora atienden hoy?"),
        ("es", "price", "¿Qué precio tiene la ayuda?"),
        ("es", "person", "Páseme con un agente por favor"),
        ("es", "never_mind", "Olvídelo, ya no hace falta"),
        ("es", "status", "¿Cómo va mi solicitud?"),
        ("it", "greeting", "Buongiorno a tutti"),
        ("it", "hours", "Fino a che ora ci siete oggi?"),
        ("it", "price", "Qual è il prezzo dell'assistenza?"),
        ("it", "person", "Mi passi un operatore per favore"),
        ("it", "never_mind", "Lasci stare, non serve più"),
        ("it", "status", "A che punto è la mia richiesta?"),
        ("pt", "greeting", "Bom dia a todos"),
        ("pt", "hours", "Até que horas vocês atendem hoje?"),
        ("pt", "price", "Qual é o preço do suporte?"),
        ("pt", "person", "Passe-me a um atendente por favor"),
        ("pt", "never_mind", "Esqueça, já não é preciso"),
        ("pt", "status", "Como está o meu pedido?"),
        ("nl", "greeting", "Goedendag allemaal"),
        ("nl", "hours", "Tot hoe laat zijn jullie bereikbaar?"),
        ("nl", "price", "Wat is de prijs van ondersteuning?"),
        ("nl", "person", "Verbind me door met een medewerker alstublieft"),
        ("nl", "never_mind", "Laat maar, het is niet meer nodig"),
        ("nl", "status", "Hoe staat het met mijn melding?"),
    ],
)
def test_other_words_of_the_same_form_are_read_alike(code: str, form: str, text: str) -> None:
    assert (language_of(text, code) or code, form_of(text, code)) == (code, form)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("No, non ce l'abbiamo", "it"),
        ("Até que horas vocês atendem hoje?", "pt"),
        ("Qual è il prezzo dell'assistenza?", "it"),
        ("Es betrifft alle drei Rechner", "de"),
    ],
)
def test_a_word_of_two_languages_changes_none(text: str, code: str) -> None:
    assert language_of(text, code) in (None, code)


@pytest.mark.parametrize(
    ("text", "payer"),
    [
        ("Nein, haben wir nicht", Payer.HOUR),
        ("Ja, wir haben einen Vertrag", Payer.CONTRACT),
        ("Wir haben keinen Wartungsvertrag", Payer.HOUR),
        ("oui, nous avons un contrat", Payer.CONTRACT),
        ("je ne sais pas", Payer.UNSURE),
        ("sin contrato", Payer.HOUR),
        ("non lo so", Payer.UNSURE),
        ("per uur graag", Payer.HOUR),
        ("sim, temos contrato", Payer.CONTRACT),
        ("Version 12.2.1", None),
        ("mein Vertragspartner druckt nicht", None),
    ],
)
def test_a_contract_is_answered_in_other_languages(text: str, payer: Payer | None) -> None:
    assert payer_abroad(text) == payer
