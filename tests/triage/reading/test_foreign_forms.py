"""Messages in seven languages are read as what they are, and no English sentence counts as foreign."""

from pathlib import Path

import pytest

from bot.triage.reading.foreign_forms import form_of
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
