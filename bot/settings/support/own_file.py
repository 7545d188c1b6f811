"""Edit the operator's own support.yml key by key: comments and order are kept, and invalid content is never written."""

import difflib
import hashlib
import io
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bot.settings.support.entry_lists import ID, LISTS, as_mapping, entry_in, id_of
from bot.settings.support.load import FILE_NAME, checked, defaults, parsed
from bot.settings.support.support import Support


class _Default:
    """Marks "no own value": the key is removed, and the default applies again."""


@dataclass(frozen=True)
class Order:
    """The ids of a list of entries: these and no others, in this order."""

    ids: tuple[str, ...]


DEFAULT: Final = _Default()
HEADING = "# What this department has changed. Every key is explained in the product's own support.yml.\n"
WIDTH = 120


def text_of(home: Path) -> str:
    """Return the own file as it is; empty when there is none."""
    file = home / FILE_NAME
    return file.read_text(encoding="utf-8") if file.exists() else ""


def digest_of(text: str) -> str:
    """Return a digest of the file's text, to detect concurrent edits."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def check(text: str, home: Path) -> Support:
    """Return the settings that this own file would give; raise SettingsError with a line for every invalid key."""
    return checked(parsed(text, str(home / FILE_NAME)), str(home / FILE_NAME))


def edited(text: str, edits: Mapping[str, Any]) -> str:
    """Return the file with these keys (``hours.week.monday``) set, or with DEFAULT reset.

    An ``Order`` makes the key's entries a list; what the file says of each of them is kept.
    """
    yaml = _yaml()
    own = yaml.load(text) if text.strip() else None
    own = CommentedMap() if own is None else own
    for path, value in edits.items():
        *parents, key = path.split(".")
        if isinstance(value, _Default):
            _remove(own, parents, key)
        elif isinstance(value, Order):
            own[path] = _listed(own.get(path), value, defaults()[path])
        else:
            _parent(own, parents)[key] = value
    out = io.StringIO()
    if own:
        yaml.dump(own, out)
    written = out.getvalue()
    return written if text.strip() or not written else HEADING + written


def difference(before: str, after: str) -> str:
    """Return the change as a unified diff."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), "before", "after", lineterm="")
    return "\n".join(lines)


def write(home: Path, text: str) -> None:
    """Replace the whole file atomically; an empty one is removed."""
    file = home / FILE_NAME
    if not text:
        file.unlink(missing_ok=True)
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=home, delete=False) as new:
        new.write(text)
    Path(new.name).replace(file)


def value_at(values: Any, path: str) -> Any:
    """Return the value of a dotted key in plain mappings; None where there is none."""
    for part in path.split("."):
        values = as_mapping(values) if isinstance(values, list) else values
        values = values.get(part) if isinstance(values, dict) else None
    return values


def default_at(path: str) -> Any:
    """Return the key's default, which applies when the own file does not name it."""
    return value_at(defaults(), path)


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = WIDTH
    yaml.preserve_quotes = True
    yaml.allow_unicode = True
    return yaml


def _parent(own: CommentedMap, parents: list[str]) -> Any:
    here: Any = own
    for part in parents:
        if isinstance(here, list):
            here = _entry(here, part)
            continue
        if not isinstance(here.get(part), dict | list) or (isinstance(here[part], list) and part not in LISTS):
            here[part] = CommentedMap()
        here = here[part]
    return here


def _entry(entries: list[Any], entry_id: str) -> CommentedMap:
    """Return the entry of this id as a mapping, added to the list where there is none."""
    found = entry_in(entries, entry_id)
    if isinstance(found, CommentedMap):
        return found
    made = CommentedMap({ID: entry_id})
    if found is None:
        entries.append(made)
    else:
        entries[entries.index(found)] = made
    return made


def _listed(own: Any, order: Order, shipped: Mapping[str, Any]) -> CommentedSeq:
    """Return own entries as a list in this order; one of the product's own that is unchanged is its id."""
    entries = CommentedSeq()
    for entry_id in order.ids:
        entry = own.get(entry_id) if isinstance(own, dict) else entry_in(own, entry_id) if own else None
        if not isinstance(entry, CommentedMap):
            entry = entry_id if entry_id in shipped else CommentedMap({ID: entry_id})
        elif ID not in entry:
            entry.insert(0, ID, entry_id)
        entries.append(entry)
    return entries


def _remove(own: CommentedMap, parents: list[str], key: str) -> None:
    chain: list[tuple[Any, str]] = []
    here: Any = own
    for part in parents:
        if isinstance(here, list):
            here = entry_in(here, part)
            chain.clear()  # an entry of a list stays, also when it says no more than its id
            continue
        if not isinstance(here, dict) or part not in here:
            return
        chain.append((here, part))
        here = here[part]
    if isinstance(here, dict):
        here.pop(key, None)
    elif isinstance(here, list):
        here[:] = [entry for entry in here if id_of(entry) != key]
        return
    for holder, part in reversed(chain):
        if holder[part]:
            return
        del holder[part]
