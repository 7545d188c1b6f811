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
from bot.settings.problems import SettingsError
from bot.settings.support.assistant_wording import spoken
from bot.settings.support.entry_lists import CATEGORIES, LAST_RESORT, LISTS, QUESTIONS, REQUESTS, TEAMS
from bot.settings.support.load import merged as merged_with_defaults
from bot.settings.support.own_file import default_at, value_at
from bot.settings.support.parts import DAYS, CategoryEntry, Part, QuestionEntry
from bot.settings.support.requests import RequestEntry
from bot.settings.support.teams import Team
from bot.triage.reading.details import Details

LINE, TEXT, NUMBER, TICK, LINES, DATES, YAML_TEXT, CHOICE, SPANS, PICKS = (
    "line", "text", "number", "tick", "lines", "dates", "yaml", "choice", "spans", "picks",
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
    "error_code": "An error code of the product",
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
    "synonyms": "Words that mean the same, for the search",
    "queue.classes": "Who is served before whom",
    "queue.moves_ahead": "What moves to the front of its class",
    "queue.silence_minutes": "Minutes of silence until a conversation is back in the queue",
    "queue.assign_automatically": "Mark who waits for the available technician who has the least",
    "queue.most_each": "Conversations that are assigned to one technician at most",
    "targets.first_answer_minutes": "Opening minutes until the first answer, by who pays",
    "targets.solution_hours": "Opening hours until the solution, by who pays",
    "staff_channels.thread": "What is written under a card",
    "chat_channels.issue_emoji": "Emoji of Slack that make an issue of a message",
    "chat_channels.threads": "What is read in threads of Slack",
    "chat_channels.unknown_tenants": "Tenants of Teams without a contract",
    "backup.nightly": "Back up every night",
    "backup.at": "When, by the office's clock",
}
HELP = {
    "hours.holidays.own": "One a line: 2026-12-24 Christmas Eve",
    "hours.holidays.observed": "all, or [New Year's Day, Thanksgiving Day]",
    "emergency_contact": "null, or {name: …, phone: …, when: …}",
    "quick_replies": "At most three: - {title: …, text: …}",
    "backup.at": "Such as 02:30",
    "targets.first_answer_minutes": "{contract: 60, prepaid: 60, payment_required: 240}; a kind left out has none",
    "targets.solution_hours": "{contract: 16}; the time in which a customer is asked something counts, too",
    "staff_channels.thread": "notes: only a marked message reaches the customer; replies: all but notes; alerts_only",
    "chat_channels.issue_emoji": "By name, one a line: ticket; empty for none",
    "chat_channels.threads": "all, or mentions: only what mentions the app",
    "chat_channels.unknown_tenants": "answer, refuse_politely: with a sentence, or refuse: without a word",
    "error_code": "As the product shows it, such as AB-1234; empty when it has none",
    "hours.week": "08:00-17:00, or 08:00-12:00, 13:00-17:00; empty is closed",
}
# Optional keys of a question that the form offers all the same.
QUESTION_KEYS = {
    "label": LINE, "ask": TEXT, "why": TEXT, "help": TEXT, "choices": LINES, "tip": TEXT, "detail": CHOICE,
    "words": LINES, "skippable": TICK, "private_offer": TICK, "even_in_a_hurry": TICK,
}  # fmt: skip
TEAM_KEYS = {"title": LINE, "staff_channel": LINE}
CATEGORY_KEYS = {"title": LINE, "team": CHOICE, "keywords": LINES, "questions": PICKS, "free_of_charge": TICK}
REQUEST_KEYS = {
    "title": LINE, "team": CHOICE, "sentence": TEXT, "answer_days": NUMBER, "examples": LINES, "unlike": LINES,
    "keywords": LINES, "unless": LINES, "contact": TICK, "urgent": TICK, "manual_first": TICK,
}  # fmt: skip
KEYS = {TEAMS: TEAM_KEYS, QUESTIONS: QUESTION_KEYS, CATEGORIES: CATEGORY_KEYS, REQUESTS: REQUEST_KEYS}
MODELS: dict[str, type[Part]] = {
    TEAMS: Team, QUESTIONS: QuestionEntry, CATEGORIES: CategoryEntry, REQUESTS: RequestEntry,
}  # fmt: skip
ONE_OF = {TEAMS: "team", QUESTIONS: "question", CATEGORIES: "category", REQUESTS: "request"}
LIST_TITLES = {TEAMS: "Teams", QUESTIONS: "Questions", CATEGORIES: "Categories", REQUESTS: "Requests"}
# The lists of a section, and the key that names an entry.
LISTS_OF = {"teams": (TEAMS, CATEGORIES), "questions": (QUESTIONS,), "requests": (REQUESTS,)}
NAMED_BY = {TEAMS: "title", QUESTIONS: "label", CATEGORIES: "title", REQUESTS: "title"}
# Stands for the id of an entry that is added.
NEW = "new_entry"
ENTRY_HELP = {
    "teams.staff_channel": "slack:T0123/C0456, or the link to a channel of Teams; its hand-offs are shown there",
    "categories.keywords": "One a line; print* is any ending. They tell this kind of problem from the others",
    "categories.questions": "At most six, asked in the order in which you choose them",
    "categories.free_of_charge": "Nobody is asked for a contract or a payment",
    "questions.label": "Needed: its line in the summary that the technician reads",
    "questions.ask": "Needed: the question as the customer reads it",
    "questions.why": "Needed: told to who asks why you want to know",
    "questions.help": "Told to who does not know how to find it out",
    "questions.choices": "Quick replies, one a line; empty for a free answer",
    "questions.tip": "Needed: how to have it ready, for Tips for Faster Service",
    "questions.detail": "What the assistant may have read in the message already; then it does not ask",
    "questions.words": "With numbered, dated, counted, placed or sourced: what customers call the thing, one a line",
    "questions.private_offer": "The customer may tell it to the technician alone",
}
REQUEST_HELP = {
    "sentence": "Needed: the whole reply, with {team}, {day} and {reference}; without {reference} no number is said",
    "answer_days": "Open days until the {day} that the reply names",
    "examples": "One a line, as customers write it",
    "unlike": "One a line: what sounds like it and is something else",
    "keywords": "One a line: cancel*|end + our contract",
    "unless": "One a line: words that speak against it",
    "contact": "Ask how to reach the customer when that is not known",
    "urgent": "Marked at the desk, and announced to the team",
    "manual_first": "Logged only when the manual has no answer",
}
_ENTRY = re.compile(r"(teams|questions|categories|requests)\.([a-z_][a-z0-9_]{0,39})\.(\w+)")
_ID = re.compile(r"[a-z_][a-z0-9_]{0,39}")
_DATE_LINE = re.compile(r"\s*(\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4})[\s:]+(.+?)\s*$")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
# 95,50 and 1.250,00, as most of Europe writes numbers; 1,250 is left to be asked about.
_COMMA = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}")


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
    options: tuple[tuple[str, str], ...] = ()
    resettable: bool = False


@dataclass(frozen=True)
class Group:
    """Fields under one heading. ``entry``: the id, when they are those of one entry of a list."""

    title: str
    fields: list[Field]
    entry: str = ""

    @property
    def stays(self) -> bool:
        """Return whether the entry can be neither moved nor removed."""
        return self.entry == LAST_RESORT


@dataclass(frozen=True)
class EntryList:
    """Entries that can be added, removed and ordered. ``blank``: the fields of a new one, its id ``new_entry``."""

    key: str
    title: str
    one: str
    entries: list[Group]
    blank: Group
    replaced: bool


def fields_of_section(section: str, own: dict[str, Any]) -> list[Group]:
    """Return the fields of a section in groups; raise Invalid for an unknown section."""
    if section not in SECTIONS:
        raise Invalid(f"There is no section {section!r}; nothing was changed.")
    merged = _merged(own)
    groups: dict[str, list[Field]] = {}
    for heading, path, kind in _GROUPS[section](merged) if section in _GROUPS else ():
        groups.setdefault(heading, []).append(_field(path, kind, merged, own))
    return [Group(title, fields) for title, fields in groups.items()]


def lists_of_section(section: str, own: dict[str, Any]) -> list[EntryList]:
    """Return the lists of a section: each entry with its fields."""
    merged = _merged(own)
    return [_entry_list(key, merged, own) for key in LISTS_OF.get(section, ())]


def ids_of(key: str, ids: object) -> tuple[str, ...]:
    """Return the ids of a list in their new order; raise Invalid for a key without entries or a wrong id."""
    if key not in LISTS or not isinstance(ids, list):
        raise BadSettings(f"{key}: there is no such list; nothing was changed.")
    for entry_id in ids:
        if not isinstance(entry_id, str) or not _ID.fullmatch(entry_id) or ids.count(entry_id) > 1:
            raise BadSettings(f"{key}: every entry needs an id of its own, of small letters, digits and _.")
    return tuple(ids)


def current_ids(key: str, own: dict[str, Any]) -> list[str]:
    """Return the ids of a list as it is now."""
    return list(_merged(own)[key])


def _merged(own: dict[str, Any]) -> dict[str, Any]:
    try:
        return merged_with_defaults(own)
    except SettingsError as error:
        raise BadSettings("\n".join(error.problems)) from None


def _entry_list(key: str, merged: dict[str, Any], own: dict[str, Any]) -> EntryList:
    entries = [
        Group(
            str(entry.get(NAMED_BY[key]) or name),
            [_field(f"{key}.{name}.{field}", kind, merged, own) for field, kind in KEYS[key].items()],
            name,
        )
        for name, entry in merged[key].items()
    ]
    blank = Group(f"New {ONE_OF[key]}", [_blank(key, name, kind, merged) for name, kind in KEYS[key].items()], NEW)
    return EntryList(key, LIST_TITLES[key], ONE_OF[key], entries, blank, isinstance(own.get(key), list))


def _blank(key: str, name: str, kind: str, merged: dict[str, Any]) -> Field:
    path = f"{key}.{NEW}.{name}"
    default = MODELS[key].model_fields[name].get_default()
    shown = _shown(default, kind) if isinstance(default, bool | int) else ""
    options = _options(path, kind, merged)
    return Field(path, _label(path), kind, shown, "", False, _help(path), options)


def value_of(path: str, text: str, own: dict[str, Any]) -> Any:
    """Parse the text of a field into its value in support.yml; raise Invalid naming the key."""
    merged = _merged(own)
    kind = _kind_of(path, merged)
    if kind == TRANSLATION:
        return translation_fields.renewed(path, text, merged)
    try:
        return _READ[kind](text)
    except (ValueError, InvalidOperation, YAMLError) as error:
        raise BadSettings(f"{path}: {_reason(error, kind)}") from None


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
    is_own = own_value is not None or name in (value_at(own, parent) or {} if parent else own)
    added = _ENTRY.fullmatch(path) is not None and default_at(parent) is None
    return Field(
        path=path,
        label=_label(path),
        kind=kind,
        shown=_shown(value, kind),
        default=_shown(default, kind),
        own=is_own,
        help=translation_fields.own_words(path, merged) if kind == TRANSLATION else _help(path),
        options=_options(path, kind, merged),
        resettable=is_own and not added,
    )


def _label(path: str) -> str:
    name = path.rpartition(".")[2]
    return LABELS.get(path, name.removeprefix("utter_").replace("_", " ").capitalize())


def _options(path: str, kind: str, merged: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return what can be chosen in a field, as (value, title)."""
    if kind == PICKS:
        return tuple((name, str(entry.get("label") or name)) for name, entry in merged[QUESTIONS].items())
    if kind != CHOICE:
        return ()
    if path.endswith(".detail"):
        return (("", "nothing"), *((name, name.replace("_", " ")) for name in Details.names()))
    return tuple((name, str(entry.get("title") or name)) for name, entry in merged[TEAMS].items())


def _help(path: str) -> str:
    parent, _, name = path.rpartition(".")
    if parent == "hours.week":
        return HELP[parent]
    if entry := _ENTRY.fullmatch(path):
        return ENTRY_HELP.get(f"{entry[1]}.{name}") or (REQUEST_HELP.get(name, "") if entry[1] == REQUESTS else "")
    return HELP.get(path, "")


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
    if kind in (LINES, PICKS):
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
                "write a date and its name, such as 2026-12-24 Christmas Eve or 24.12.2026 Christmas Eve; "
                f'"{line.strip()}" is neither'
            )
        try:
            days[date.fromisoformat(_DAY_FIRST.sub(_year_first, match[1]))] = match[2]
        except ValueError:
            raise ValueError(f"{match[1]} is no day of the calendar") from None
    return days


def _year_first(found: re.Match[str]) -> str:
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"


def _read_spans(text: str) -> str | list[str] | None:
    spans = [span.strip() for span in text.split(",") if span.strip()]
    return spans if len(spans) > 1 else spans[0] if spans else None


def _read_number(text: str) -> int | float:
    written = text.strip()
    if _COMMA.fullmatch(written):
        written = written.replace(".", "").replace(",", ".")
    number = Decimal(written)
    return int(number) if number == number.to_integral_value() and "." not in written else float(number)


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
    CHOICE: lambda text: text or None,
    PICKS: lambda text: text.split(),
    SPANS: _read_spans,
}
_Entries = Iterator[tuple[str, str, str]]


def _company(merged: dict[str, Any]) -> _Entries:
    for name in ("company", "product", "error_code", "assistant_name", "phone", "website", "colour"):
        yield "Who we are", name, LINE
    yield "What a customer sees first", "greeting", TEXT
    yield "What a customer sees first", "quick_replies", YAML_TEXT
    for name, kind in (("notice", TEXT), ("retention", TEXT), ("url", LINE)):
        yield "Privacy", f"privacy.{name}", kind
    yield "Languages", "languages", LINES
    yield "Languages", "glossary", YAML_TEXT
    yield "Languages", "synonyms", YAML_TEXT


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
    for section, heading in (
        ("queue", "Queue"),
        ("targets", "Targets"),
        ("limits", "Limits"),
        ("staff_channels", "Staff channels"),
        ("chat_channels", "Customers in Slack and Teams"),
    ):
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
    if (entry := _ENTRY.fullmatch(path)) and entry[3] in KEYS[entry[1]]:
        return KEYS[entry[1]][entry[3]]
    for section in _GROUPS:
        for _, known, kind in _GROUPS[section](merged):
            if known == path:
                return kind
    raise BadSettings(f"{path}: there is no such field; nothing was changed.")
