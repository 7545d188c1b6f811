"""Which language a message is in: never English taken for another, never a word or two taken for a language."""

import pytest

from bot.triage.text.language import foreign_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Guten Tag, unser Programm startet nicht mehr", "de"),
        ("Ich kann keine Rechnungen drucken", "de"),
        ("Bonjour, je ne peux pas imprimer mes factures", "fr"),
        ("Hola, no puedo imprimir las facturas desde ayer", "es"),
        ("Buongiorno, non posso stampare le fatture", "it"),
        ("Olá, não consigo imprimir as faturas desde ontem", "pt"),
        ("Hallo, ik kan mijn facturen niet afdrukken", "nl"),
        ("Dzień dobry, nie mogę drukować faktur", "pl"),
        ("Здравствуйте, программа не запускается", "ru"),
        ("打不开程序", "zh"),
        ("請求書が印刷できません", "ja"),
        ("البرنامج لا يعمل", "other"),
    ],
)
def test_a_message_in_another_language_is_recognised(text: str, code: str) -> None:
    assert foreign_language(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12.2.1",
        "ok",
        "no",
        "it crashes when I print",
        "no invoices since die update",
        "It says „Die Datei ist nicht gefunden“ when we open it",
        'the message is "le fichier est introuvable dans le dossier"',
        "my name is José, I am in São Paulo and the program will not start",
        "Hola! I can't print my invoices",
        "invoice RE-2024-10 is missing",
        "me or my colleague can't log in",
        "kim@brightsons.example",
    ],
)
def test_english_stays_english(text: str) -> None:
    assert foreign_language(text) is None
