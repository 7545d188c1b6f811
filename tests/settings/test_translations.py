"""Every sentence for customers exists in the languages in which the assistant answers, with the same placeholders."""

from string import Formatter

import pytest

from bot.settings.support.load import checked, shipped
from bot.settings.support.translations import (
    SECTIONS,
    Key,
    english,
    in_language,
    language_names,
    languages,
    outdated,
    translation,
)
from bot.triage.hours.hours_words import HoursWords

WHOLE = ("de", "es", "fr", "it", "nl", "pl", "pt")
# What is said where a message is only logged.
LOGGED: list[Key] = [
    *(("sentences", f"utter_{name}") for name in ("reference", "foreign", "added", "ask_contact", "technicians_write")),
    *(("wording", name) for name in ("reference_given", "queue_place", "queue_place_closed")),
]


def texts(code: str) -> dict[Key, tuple[str, ...]]:
    file = translation(code)
    said: dict[Key, tuple[str, ...]] = {}
    for section in SECTIONS:
        for name, text in getattr(file, section).items():
            said[section, name] = (text,) if isinstance(text, str) else tuple(text)
    return said


def placeholders(variations: tuple[str, ...]) -> set[str]:
    return {name for text in variations for _, name, _, _ in Formatter().parse(text) if name}


def test_there_are_ten_languages() -> None:
    assert set(languages()) == {*WHOLE, "ja", "ru", "zh"}


@pytest.mark.parametrize("code", WHOLE)
def test_a_language_has_every_sentence_and_no_other(code: str) -> None:
    assert set(texts(code)) == set(english(shipped()))


@pytest.mark.parametrize("code", ("ja", "ru", "zh"))
def test_a_language_of_letters_has_what_a_logged_message_is_answered_with(code: str) -> None:
    assert set(LOGGED) <= set(texts(code)) <= set(english(shipped()))


@pytest.mark.parametrize("code", languages())
def test_a_translation_has_the_placeholders_of_the_english(code: str) -> None:
    said = english(shipped())
    wrong = [key for key, text in texts(code).items() if placeholders(text) != placeholders(said[key])]
    assert not wrong


@pytest.mark.parametrize("code", languages())
def test_hours_have_every_phrase(code: str) -> None:
    english_words = HoursWords()
    file = translation(code)
    assert set(file.hours) == set(vars(english_words)) - {"code", "also", "clock_hours"}
    for name, phrase in file.hours.items():
        assert placeholders((phrase,)) == placeholders((getattr(english_words, name),)), name


def test_a_changed_sentence_is_shown_in_the_operators_words_until_it_is_translated_again() -> None:
    own = {"wording": {"queue_place": "You are {place}. {hours}"}, "sentences": {"utter_goodbye": "Bye."}}
    changed = checked(own, "support.yml")
    german = in_language(changed, shipped(), "de")
    assert set(outdated(changed, shipped(), "de")) == {("wording", "queue_place"), ("sentences", "utter_goodbye")}
    assert german.wording.queue_place == "You are {place}. {hours}"
    assert german.sentences.own["utter_goodbye"] == ("Bye.",)
    assert german.wording.returned.startswith("{technician} hat")
    renewed = checked(
        {**own, "translations": {"de": {"sentences": {"utter_goodbye": {"of": "Bye.", "text": "Tschüss."}}}}}, "f"
    )
    assert in_language(renewed, shipped(), "de").sentences.own["utter_goodbye"] == ("Tschüss.",)
    assert set(outdated(renewed, shipped(), "de")) == {("wording", "queue_place")}
    assert ("sentences", "utter_goodbye") in set(outdated(renewed, shipped(), "fr"))


def test_the_languages_that_technicians_write_are_named() -> None:
    both = checked({"languages": ["en", "de"]}, "support.yml")
    assert language_names(both, "de") == "Englisch und Deutsch"
    assert language_names(shipped(), "fr") == "l'anglais"


def test_english_and_unknown_languages_are_left_alone() -> None:
    assert in_language(shipped(), shipped(), None) is shipped()
    assert in_language(shipped(), shipped(), "xx") is shipped()
