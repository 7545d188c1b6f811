"""Translations that the operator's own sentences have outdated, as fields of the settings' form."""

from collections.abc import Iterator
from typing import Any

from bot.settings.support.load import shipped
from bot.settings.support.support import Support
from bot.settings.support.translations import english, languages, outdated

# Shown and typed as text; kept with the words that it translates.
TRANSLATION = "translation"
PREFIX = "translations"


def outdated_fields(merged: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (heading, path, kind) of each translation that is to be renewed, by language."""
    support = Support.model_validate(merged)
    for code in languages():
        for section, name in outdated(support, shipped(), code):
            yield f"Language {code}", f"{PREFIX}.{code}.{section}.{name}", TRANSLATION


def own_words(path: str, merged: dict[str, Any]) -> str:
    """Return the operator's sentence that a field translates; until it is renewed, customers see this."""
    _, _, section, name = path.split(".", 3)
    return "\n".join(english(Support.model_validate(merged))[section, name])


def renewed(path: str, text: str, merged: dict[str, Any]) -> dict[str, str]:
    """Return the value of a renewed translation, with the words that it translates."""
    return {"of": own_words(path, merged), "text": text.strip()}
