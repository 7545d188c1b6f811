"""support.yml as a form: sections of fields, each with its key, its text and its source."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.services.administration import translation_fields
from bot.services.administration.translation_fields import TRANSLATION
from bot.services.core.errors import BadSettings, Invalid
from bot.settings.support.assistant_wording import spoken
from bot.settings.support.load import defaults, overlaid
from bot.settings.support.own_file import DEFAULT, default_at, value_at
from bot.settings.support.parts import DAYS

LINE, TEXT, NUMBER, TICK, LINES, DATES, YAML_TEXT, CHOICE, SPANS = (
    "line", "text", "number", "tick", "lines", "dates", "yaml", "choice", "spans",
)  # fmt: skip
LONG = 70
SECTIONS: dict[str, str] = {
    "company": "Company and greeting",
    "hours": "Hours and closing dates",
    "charges": "Charges, queue and limits",
    "teams": "Teams and categories",
    "questions": "Questions",
    "requests": "Requests",
    "email": "E-mail",
    "backup": "Backups and retention",
    "wording": "Wording of the system",
    "assistant": "Wording of the assistant",
    "translations": "Translations out of date",
}
LABELS = {
    "phone": "Telephone",
    "website": "Web site",
    "assistant_name": "Name of the assistant",
    "colour": "Colour (#rrggbb)",
    "quick_replies": "Quick replies under the greeting",
    "hours.zone": "Time zone",
    "hours.holidays.country": "Country whose holidays are kept",
    "hours.holidays.observed": "Which of its holidays: all, or a list",
    "hours.holidays.own": "Own closing dates",
    "emergency_contact": "Emergency contact outside office hours",
    "languages": "Languages that technicians write, by code, one a line",
    "glossary": "Words of your trade in other languages",
    "queue.classes": "Who is served before whom",
    "queue.moves_ahead": "What moves to the front of its class",
    "queue.silence_minutes": "Minutes of silence until a conversation is back in the queue",
    "teams": "Teams",
    "backup.nightly": "Back up every night",
    "backup.at": "When, by the office's clock",
}
HELP = {
    "hours.holidays.own": "One a line: 2026-12-24 Christmas Eve",
    "hours.holidays.observed": "all, or [New Year's Day, Thanksgiving Day]",
    "emergency_contact": "null, or {name: …, phone: …, when: …}",
    "quick_replies": "At most three: - {title: …, text: …}",
    "backup.at": "Such as 02:30",
    "teams": "id: {title: …}; an id set to null is removed",
    "hours.week": "08:00-17:00, or 08:00-12:00, 13:00-17:00; empty is closed",
}
# Optional keys of a question that the form offers all the same.
QUESTION_KEYS = {
    "label": LINE, "ask": TEXT, "why": TEXT, "help": TEXT, "choices": LINES, "tip": TEXT, "skippable": TICK,
    "private_offer": TICK, "even_in_a_hurry": TICK,
}  # fmt: skip
CATEGORY_KEYS = {"title": LINE, "team": CHOICE, "keywords": LINES, "questions": LINES, "free_of_charge": TICK}
REQUEST_KEYS = {
    "title": LINE, "team": CHOICE, "sentence": TEXT, "answer_days": NUMBER, "examples": LINES, "unlike": LINES,
    "keywords": LINES, "unless": LINES, "contact": TICK, "urgent": TICK, "manual_first": TICK,
}  # fmt: skip
REQUEST_HELP = {
    "sentence": "The whole reply, with {team}, {day} and {reference}; without {reference} no number is said",
    "answer_days": "Open days until the {day} that the reply names",
    "examples": "One a line, as customers write it",
    "unlike": "One a line: what sounds like it and is something else",
    "keywords": "One a line: cancel*|end + our contract",
    "unless": "One a line: words that speak against it",
    "contact": "Ask how to reach the customer when that is not known",
    "urgent": "Marked at the desk, and announced to the team",
    "manual_first": "Logged only when the manual has no answer",
}
_REQUEST_KEY = re.compile(r"requests\.[a-z][a-z0-9_]{0,39}\.(\w+)")
_REQUEST = re.compile(r"requests\.[a-z][a-z0-9_]{0,39}")
_DATE_LINE = re.compile(r"\s*(\d{4}-\d{2}-\d{2})[\s:]+(.+?)\s*$")


@dataclass(frozen=True)
class Field:
    """One key on a page. ``own``: set by this department; ``default``: the product's own value, as shown."""

    path: str
    label: str
    kind: str
    shown: str
    default: str
    own: bool
    help: str = ""
    options: tuple[str, ...] = ()


def fields_of_section(section: str, own: dict[str, Any]) -> list[tuple[str, list[Field]]]:
    """Return the fields of a section in groups, as (heading, fields); raise Invalid for an unknown section."""
    if section not in SECTIONS:
        raise Invalid(f"There is no section {section!r}; nothing was changed.")
    merged = overlaid(defaults(), own)
    groups: dict[str, list[Field]] = {}
    for heading, path, kind in _GROUPS[section](merged):
        groups.setdefault(heading, []).append(_field(path, kind, merged, own))
    return list(groups.items())


def value_of(path: str, text: str, own: dict[str, Any]) -> Any:
    """Parse the text of a field into its value in support.yml; raise Invalid naming the key."""
    merged = overlaid(defaults(), own)
    kind = _kind_of(path, merged)
    if kind == TRANSLATION:
        return translation_fields.renewed(path, text, merged)
    try:
        return _READ[kind](text)
    except (ValueError, InvalidOperation, YAMLError) as error:
        raise BadSettings(f"{path}: {_reason(error, kind)}") from None


def removed(path: str) -> Any:
    """Return the value that removes a request: null for one of the product's own, nothing for one that was added.

    Raises Invalid for any other path.
    """
    if not _REQUEST.fullmatch(path):
        raise BadSettings(f"{path}: only a request can be removed; nothing was changed.")
    return DEFAULT if default_at(path) is None else None


def _reason(error: Exception, kind: str) -> str:
    if kind == DATES:
        return str(error)
    return {NUMBER: "write a number", YAML_TEXT: "this is not YAML"}.get(kind, "this cannot be read")


def _field(path: str, kind: str, merged: dict[str, Any], own: dict[str, Any]) -> Field:
    name = path.rpartition(".")[2]
    default = _default(path)
    own_value: Any = value_at(own, path)
    value: Any = value_at(merged, path)
    if path.startswith("sentences.") and value is None:
        value = default
    parent = path.rpartition(".")[0]
    return Field(
        path=path,
        label=LABELS.get(path, name.removeprefix("utter_").replace("_", " ").capitalize()),
        kind=kind,
        shown=_shown(value, kind),
        default=_shown(default, kind),
        own=own_value is not None or name in (value_at(own, parent) or {} if parent else own),
        help=translation_fields.own_words(path, merged) if kind == TRANSLATION else _help(path, parent, name),
        options=tuple(merged["teams"]) if kind == CHOICE else (),
    )


def _help(path: str, parent: str, name: str) -> str:
    if parent == "hours.week":
        return HELP[parent]
    return REQUEST_HELP.get(name, "") if path.startswith("requests.") else HELP.get(path, "")


def _default(path: str) -> Any:
    if path.startswith("sentences."):
        return list(spoken().get(path.removeprefix("sentences."), ()))
    return default_at(path)


def _shown(value: Any, kind: str) -> str:
    if kind == TRANSLATION:
        return str(value["text"]) if value else ""
    if kind == TICK:
        return "yes" if value else ""
    if value is None and kind != YAML_TEXT:
        return ""
    if kind == LINES:
        return "\n".join(str(one) for one in (value if isinstance(value, list | tuple) else [value]))
    if kind == SPANS:
        return ", ".join(value) if isinstance(value, list) else str(value)
    if kind == DATES:
        return "\n".join(f"{day} {name}" for day, name in sorted(value.items()))
    if kind == YAML_TEXT:
        out = io.StringIO()
        yaml = YAML()
        yaml.allow_unicode = True
        yaml.width = 100
        yaml.dump(value, out)
        return out.getvalue().removesuffix("...\n").strip()
    return str(value).strip()


def _read_dates(text: str) -> dict[date, str]:
    days: dict[date, str] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        match = _DATE_LINE.match(line)
        if match is None:
            raise ValueError(
                f'write a date and its name, such as 2026-12-24 Christmas Eve; "{line.strip()}" is neither'
            )
        try:
            days[date.fromisoformat(match[1])] = match[2]
        except ValueError:
            raise ValueError(f"{match[1]} is no day of the calendar") from None
    return days


def _read_spans(text: str) -> str | list[str] | None:
    spans = [span.strip() for span in text.split(",") if span.strip()]
    return spans if len(spans) > 1 else spans[0] if spans else None


def _read_number(text: str) -> int | float:
    number = Decimal(text.strip())
    return int(number) if number == number.to_integral_value() and "." not in text else float(number)


def _read_yaml(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


_READ: dict[str, Callable[[str], Any]] = {
    LINE: lambda text: " ".join(text.split()) or None,
    TEXT: lambda text: text.strip() or None,
    NUMBER: _read_number,
    TICK: lambda text: text == "yes",
    LINES: lambda text: [line.strip() for line in text.splitlines() if line.strip()],
    DATES: _read_dates,
    YAML_TEXT: _read_yaml,
    CHOICE: lambda text: text,
    SPANS: _read_spans,
}
_Entries = Iterator[tuple[str, str, str]]


def _company(merged: dict[str, Any]) -> _Entries:
    for name in ("company", "product", "assistant_name", "phone", "website", "colour"):
        yield "Who we are", name, LINE
    yield "What a customer sees first", "greeting", TEXT
    yield "What a customer sees first", "quick_replies", YAML_TEXT
    for name, kind in (("notice", TEXT), ("retention", TEXT), ("url", LINE)):
        yield "Privacy", f"privacy.{name}", kind
    yield "Languages", "languages", LINES
    yield "Languages", "glossary", YAML_TEXT


def _hours(merged: dict[str, Any]) -> _Entries:
    yield "Office hours", "hours.zone", LINE
    for day in DAYS:
        yield "Office hours", f"hours.week.{day}", SPANS
    yield "Closed", "hours.holidays.own", DATES
    yield "Closed", "hours.holidays.country", LINE
    yield "Closed", "hours.holidays.observed", YAML_TEXT
    yield "Outside office hours", "emergency_contact", YAML_TEXT


def _charges(merged: dict[str, Any]) -> _Entries:
    kinds = {"currency": LINE, "cards": LINES}
    for name in merged["charges"]:
        yield "Charges without a contract", f"charges.{name}", kinds.get(name, _kind(merged["charges"][name]))
    for section, heading in (("queue", "Queue"), ("limits", "Limits")):
        for name, value in merged[section].items():
            yield heading, f"{section}.{name}", _kind(value)


def _email(merged: dict[str, Any]) -> _Entries:
    for name, value in merged["email"].items():
        if isinstance(value, dict):
            for inner, words in value.items():
                yield name.capitalize(), f"email.{name}.{inner}", TEXT if "\n" in words else LINE
        else:
            yield "Sending", f"email.{name}", _kind(value)
    for name, value in merged["delivery"].items():
        yield "Messages to Slack and Teams", f"delivery.{name}", _kind(value)


def _backup(merged: dict[str, Any]) -> _Entries:
    for name, value in merged["backup"].items():
        yield "Nightly backup", f"backup.{name}", _kind(value)
    for name in merged["retention"]:
        yield "How many days things are kept", f"retention.{name}", NUMBER


def _teams(merged: dict[str, Any]) -> _Entries:
    yield "Teams", "teams", YAML_TEXT
    for category, entry in merged["categories"].items():
        for name, kind in CATEGORY_KEYS.items():
            yield entry["title"], f"categories.{category}.{name}", kind


def _questions(merged: dict[str, Any]) -> _Entries:
    for question, entry in merged["questions"].items():
        for name, kind in QUESTION_KEYS.items():
            yield entry["label"], f"questions.{question}.{name}", kind


def _requests(merged: dict[str, Any]) -> _Entries:
    for request, entry in merged["requests"].items():
        for name, kind in REQUEST_KEYS.items():
            yield entry["title"], f"requests.{request}.{name}", kind


def _wording(merged: dict[str, Any]) -> _Entries:
    for section, heading in (
        ("wording", "Sentences"),
        ("buttons", "Quick replies"),
        ("summary", "Lines of the summary"),
        ("tips_card", "Card of the tips page"),
    ):
        for name in merged[section]:
            yield heading, f"{section}.{name}", TEXT if section == "wording" else LINE


def _assistant(merged: dict[str, Any]) -> _Entries:
    for name in spoken():
        yield "What the assistant says; one variation a line", f"sentences.{name}", LINES


_GROUPS: dict[str, Callable[[dict[str, Any]], _Entries]] = {
    "company": _company,
    "hours": _hours,
    "charges": _charges,
    "teams": _teams,
    "questions": _questions,
    "requests": _requests,
    "email": _email,
    "backup": _backup,
    "wording": _wording,
    "assistant": _assistant,
    "translations": translation_fields.outdated_fields,
}


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return TICK
    if isinstance(value, int | float):
        return NUMBER
    if isinstance(value, list):
        return LINES if all(isinstance(one, str) for one in value) else YAML_TEXT
    if isinstance(value, dict) or value is None:
        return YAML_TEXT
    return TEXT if len(str(value)) > LONG else LINE


def _kind_of(path: str, merged: dict[str, Any]) -> str:
    if (new := _REQUEST_KEY.fullmatch(path)) and new[1] in REQUEST_KEYS:
        return REQUEST_KEYS[new[1]]
    for section in _GROUPS:
        for _, known, kind in _GROUPS[section](merged):
            if known == path:
                return kind
    raise BadSettings(f"{path}: there is no such field; nothing was changed.")
