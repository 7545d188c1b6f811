"""The desk shows which translations the operator's own sentences have outdated, and keeps what renews them."""

from typing import Any

from bot.services.administration.settings_fields import Field, fields_of_section, value_of

OWN = {"wording": {"queue_cancelled": "You left. {reference}"}}
PATH = "translations.de.wording.queue_cancelled"


def groups_of(own: dict[str, Any]) -> dict[str, list[Field]]:
    return {group.title: group.fields for group in fields_of_section("translations", own)}


def test_an_own_sentence_outdates_its_translations() -> None:
    assert groups_of({}) == {}
    groups = groups_of(OWN)
    (field,) = groups["Language de"]
    assert (field.path, field.shown, field.help) == (PATH, "", "You left. {reference}")
    assert len(groups) == 10


def test_a_renewed_translation_is_outdated_no_more() -> None:
    value = value_of(PATH, "Sie sind weg. {reference}", OWN)
    assert value == {"of": "You left. {reference}", "text": "Sie sind weg. {reference}"}
    own = {**OWN, "translations": {"de": {"wording": {"queue_cancelled": value}}}}
    assert "Language de" not in groups_of(own)
    changed = {**own, "wording": {"queue_cancelled": "Gone. {reference}"}}
    assert "Language de" in groups_of(changed)
