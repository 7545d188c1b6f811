"""Sentences for customers in other languages: one file for each language, and the operator's renewed translations.

A sentence that the operator has changed is shown in the operator's own words, whatever the language, until it has been
translated again. English is shown where a file has no translation.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field
from ruamel.yaml import YAML

from bot.settings.support.assistant_wording import Sentences, Variations, spoken
from bot.settings.support.parts import Line, Part, Words
from bot.settings.support.support import Support
from bot.triage.hours.hours_words import HoursWords
from bot.triage.issue.issue_status import IssueStatus, in_plain_words

FILES = Path(__file__).resolve().parents[3] / "languages"
ENGLISH = "en"
# Never said to a customer, or kept as a mark in what is stored.
NOT_TRANSLATED = (
    "waiting_announced",
    "request_announced",
    "told_in_confidence",
    "removed_by_technician",
    "file_removed",
    "code_hidden",
    "email_subject",
)
NOT_TRANSLATED_EITHER = ("contact_is_this_chat",)  # stored as the contact, which technicians read
SECTIONS = ("sentences", "wording", "terms", "buttons")
MOST_KEPT = 64
Key = tuple[str, str]


class Translation(Part):
    """The sentences of one language by the key of the English ones, with the names of languages in it."""

    names: dict[str, Line]
    also: Line = Field(alias="and")
    sentences: dict[str, Variations] = Field(default_factory=dict)
    wording: dict[str, Words] = Field(default_factory=dict)
    terms: dict[str, Words] = Field(default_factory=dict)
    buttons: dict[str, Line] = Field(default_factory=dict)
    hours: dict[str, Line] = Field(default_factory=dict)
    statuses: dict[str, Line] = Field(default_factory=dict)
    notice: Words | None = None


@cache
def translation(code: str) -> Translation:
    """Return the translation into a language; raise FileNotFoundError for one that has no file."""
    text = (FILES / f"{code}.yml").read_text(encoding="utf-8")
    return Translation.model_validate(YAML(typ="safe", pure=True).load(text))


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages that there is a translation into."""
    return tuple(sorted(file.stem for file in FILES.glob("*.yml")))


def english(support: Support) -> dict[Key, tuple[str, ...]]:
    """Return the English words by section and key, the operator's where there are any."""
    said: dict[Key, tuple[str, ...]] = {("sentences", name): texts for name, texts in spoken().items()}
    said |= {("sentences", name): texts for name, texts in support.sentences.own.items()}
    for section in SECTIONS[1:]:
        part = getattr(support, section)
        said |= {(section, name): (getattr(part, name),) for name in type(part).model_fields}
    kept = (*NOT_TRANSLATED, *NOT_TRANSLATED_EITHER)
    return {key: texts for key, texts in said.items() if key[0] != "wording" or key[1] not in kept}


def outdated(support: Support, shipped: Support, code: str) -> Iterator[Key]:
    """Yield the keys whose English words the operator has changed and not translated again since."""
    before, now = english(shipped), english(support)
    renewed = support.translations.get(code, {})
    for key, texts in now.items():
        own = renewed.get(key[0], {}).get(key[1])
        if texts != before[key] and (own is None or own.of.strip() != "\n".join(texts).strip()):
            yield key


_made: dict[tuple[str, str], Support] = {}


def in_language(support: Support, shipped: Support, code: str | None) -> Support:
    """Return the settings with everything that customers are told in a language; the same for English or no file."""
    if code is None or code not in languages():
        return support
    key = (support.digest, code)
    if key not in _made:
        if len(_made) >= MOST_KEPT:
            _made.clear()
        _made[key] = _translated(support, shipped, code)
    return _made[key]


def _translated(support: Support, shipped: Support, code: str) -> Support:
    file, old = translation(code), set(outdated(support, shipped, code))
    renewed = {
        section: {name: one.text for name, one in entries.items() if (section, name) not in old}
        for section, entries in support.translations.get(code, {}).items()
    }
    changed: dict[str, Any] = {}
    for section in SECTIONS[1:]:
        own = {name: text for name, text in getattr(file, section).items() if (section, name) not in old}
        changed[section] = getattr(support, section).model_copy(update={**own, **renewed.get(section, {})})
    sentences: Mapping[str, tuple[str, ...]] = {
        name: texts for name, texts in file.sentences.items() if ("sentences", name) not in old
    }
    renewed_sentences = {name: (text,) for name, text in renewed.get("sentences", {}).items()}
    changed["sentences"] = Sentences.model_construct(own={**support.sentences.own, **sentences, **renewed_sentences})
    if file.notice is not None and support.privacy.notice == shipped.privacy.notice:
        changed["privacy"] = support.privacy.model_copy(update={"notice": file.notice})
    spoken_support = support.model_copy(update=changed)
    spoken_support.speak(HoursWords(code=code, also=file.also, **file.hours))
    return spoken_support


def language_names(support: Support, code: str) -> str:
    """Return the languages that technicians write, named in the language ``code``."""
    file = translation(code)
    named = [file.names.get(one, one) for one in support.languages]
    return f" {file.also} ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


def status_in_language(code: str | None, status: str) -> str:
    """Return how an issue stands in the words of a language; English for one that has none."""
    told = translation(code).statuses.get(status) if code is not None and code in languages() else None
    return told or in_plain_words(IssueStatus(status))
