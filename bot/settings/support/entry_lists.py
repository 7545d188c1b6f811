"""Teams, questions, categories and requests of support.yml: a mapping changes the product's own, a list replaces them.

    categories: {printing: {team: applications}}      # the product's own, one of them changed
    categories: [printing, {id: delivery, title: …}]  # these and no others, in this order

An entry of a list is an id of the product's own, or a mapping with ``id``; what it does not say of the product's own
entry of that id stays as shipped.
"""

from typing import Any

from bot.settings.problems import SettingsError, did_you_mean

TEAMS, QUESTIONS, CATEGORIES, REQUESTS = "teams", "questions", "categories", "requests"
LISTS = (TEAMS, QUESTIONS, CATEGORIES, REQUESTS)
# The category that takes what fits nowhere else: always there, always the last.
LAST_RESORT = "other"
ID = "id"


def id_of(entry: Any) -> str | None:
    """Return the id of an entry of a list; None when it names none."""
    found = entry.get(ID) if isinstance(entry, dict) else entry
    return found if isinstance(found, str) else None


def entry_in(entries: list[Any], entry_id: str) -> Any:
    """Return the entry of this id; None where there is none."""
    return next((entry for entry in entries if id_of(entry) == entry_id), None)


def as_mapping(entries: Any) -> dict[str, Any]:
    """Return own entries by id, without ``id``, whether they are written as a mapping or as a list."""
    if isinstance(entries, dict):
        return entries
    found = [(id_of(entry), entry) for entry in entries] if isinstance(entries, list) else []
    return {name: _fields(entry) for name, entry in found if name is not None}


def expanded(own: dict[str, Any], shipped: dict[str, Any], where: str) -> dict[str, Any]:
    """Return the own file with each list as a mapping by id. Raises SettingsError for an entry without a usable id."""
    problems = [problem for key in LISTS for problem in _problems(key, own.get(key), shipped[key])]
    if problems:
        raise SettingsError(where, problems)
    return {key: as_mapping(value) if key in LISTS and isinstance(value, list) else value for key, value in own.items()}


def base_of(own: dict[str, Any], shipped: dict[str, Any]) -> dict[str, Any]:
    """Return the product's settings, of which those that a list replaces are only what the list names, in its order."""
    base = dict(shipped)
    for key in LISTS:
        if isinstance(own.get(key), list):
            named = [name for name in map(id_of, own[key]) if name is not None]
            base[key] = {name: shipped[key][name] for name in named if name in shipped[key]}
    if LAST_RESORT not in base[CATEGORIES]:
        base[CATEGORIES] = {**base[CATEGORIES], LAST_RESORT: shipped[CATEGORIES][LAST_RESORT]}
    return base


def in_order(merged: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return the merged settings in the order of the own lists, the last resort last.

    What the product ships follows the lists: its categories ask no question that a list of questions left out, and go
    to the first team where a list of teams left theirs out.
    """
    ordered = dict(merged)
    for key in LISTS:
        if isinstance(own.get(key), list) and isinstance(merged[key], dict):
            names = dict.fromkeys([*as_mapping(own[key]), *merged[key]])
            ordered[key] = {name: merged[key][name] for name in names if name in merged[key]}
    if isinstance(ordered[CATEGORIES], dict) and LAST_RESORT in ordered[CATEGORIES]:
        ordered[CATEGORIES] = dict(ordered[CATEGORIES])
        ordered[CATEGORIES][LAST_RESORT] = ordered[CATEGORIES].pop(LAST_RESORT)
    if not all(isinstance(ordered[key], dict) for key in LISTS):
        return ordered
    if isinstance(own.get(TEAMS), list) and ordered[TEAMS]:
        for key in (CATEGORIES, REQUESTS):
            ordered[key] = _with_known_teams(ordered[key], as_mapping(own.get(key)), ordered[TEAMS])
    if isinstance(own.get(QUESTIONS), list):
        asked = _with_known_questions(ordered[CATEGORIES], as_mapping(own.get(CATEGORIES)), ordered[QUESTIONS])
        ordered[CATEGORIES] = asked
    return ordered


def _with_known_teams(entries: dict[str, Any], own: dict[str, Any], teams: dict[str, Any]) -> dict[str, Any]:
    first = next(iter(teams))
    return {
        name: {**entry, "team": first} if _ships(entry, own.get(name), "team") and entry["team"] not in teams else entry
        for name, entry in entries.items()
    }


def _with_known_questions(entries: dict[str, Any], own: dict[str, Any], questions: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {**entry, QUESTIONS: [one for one in entry[QUESTIONS] if one in questions]}
        if _ships(entry, own.get(name), QUESTIONS)
        else entry
        for name, entry in entries.items()
    }


def _ships(entry: Any, own: Any, key: str) -> bool:
    """Return whether this field of an entry is the product's own."""
    return isinstance(entry, dict) and key in entry and not (isinstance(own, dict) and key in own)


def _fields(entry: Any) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != ID} if isinstance(entry, dict) else {}


def _problems(key: str, entries: Any, shipped: dict[str, Any]) -> list[str]:
    if not isinstance(entries, list):
        return []
    names = [id_of(entry) for entry in entries]
    unnamed = [f"{key}: entry {place}: write its id" for place, name in enumerate(names, 1) if name is None]
    twice = {name for name in names if name is not None and names.count(name) > 1}
    unknown = [name for name in entries if isinstance(name, str) and name not in shipped]
    none_such = [
        f"{key}.{name}: the product ships none of this id, so write its fields.{did_you_mean(name, shipped)}"
        for name in unknown
    ]
    return [*unnamed, *none_such, *(f'{key}: "{name}" is in the list twice' for name in sorted(twice))]
