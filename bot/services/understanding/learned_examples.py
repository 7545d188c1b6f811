"""Edit the training sentences learned from use: an operator's in TECHREF_HOME/nlu, a developer's in data/nlu.

The files are Rasa's training data. They are edited line by line, so that a diff shows the new sentences and nothing
else.
"""

import difflib
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bot.services.core.errors import HeldOutMissing, HeldOutSentence, Invalid, UnknownIntent
from bot.triage.privacy.anonymise import phrase_key

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = ROOT / "data" / "nlu"
HELD_OUT = ROOT / "data" / "held_out" / "nlu.yml"
FOLDER, FILE_NAME = "nlu", "learned.yml"
HEADING = (
    'version: "3.1"\n\n# Sentences of customers that were labelled at the desk or with `techref nlu review`.\n'
    "# They are used at the next `techref train`.\nnlu:\n"
)
_INTENT, _EXAMPLES, _LINE = "- intent: ", "  examples: |", "    - "


def own_file(home: Path) -> Path:
    """Return the file of this installation's own examples."""
    return home / FOLDER / FILE_NAME


def list_intents() -> dict[str, list[str]]:
    """Return every intent that can be expressed in words, with the examples the product ships."""
    return examples_of(sorted(SHIPPED.glob("*.yml")))


def learned_examples(home: Path) -> dict[str, list[str]]:
    """Return this installation's own examples by intent."""
    return examples_of([own_file(home)])


def shipped_file(intent: str) -> Path:
    """Return the file of data/nlu that trains the intent; raise Invalid for an unknown one."""
    for file in sorted(SHIPPED.glob("*.yml")):
        if any(line == f"{_INTENT}{intent}" for line in _lines(file)):
            return file
    raise UnknownIntent(f"There is no intent {intent!r}; nothing was changed.")


def add_example(file: Path, intent: str, sentence: str) -> str:
    """Add one sentence; return the change as a unified diff, empty when it was there already.

    Raises Invalid for an unknown intent, Conflict (``held_out``) for a sentence of the held-out set: it would spoil the
    measurement. Without that set nothing can be added: Conflict (``held_out_missing``).
    """
    known = list_intents()
    if intent not in known:
        raise UnknownIntent(f"There is no intent {intent!r}; nothing was changed.")
    if not phrase_key(sentence):
        raise Invalid("The sentence is empty; nothing was changed.")
    if _is_in(sentence, _held_out()):
        raise HeldOutSentence("This sentence is in the held-out set that measures the model; it cannot be taught.")
    if _is_in(sentence, known) or _is_in(sentence, examples_of([file])):
        return ""
    before = _lines(file)
    return _write(file, before, _with(before or HEADING.splitlines(), intent, sentence))


def remove_example(file: Path, intent: str, sentence: str) -> str:
    """Remove a sentence; return the change as a unified diff, empty when it was not there."""
    before = _lines(file)
    after, here = [], ""
    for line in before:
        here = line.removeprefix(_INTENT) if line.startswith(_INTENT) else here
        if not (here == intent and line == f"{_LINE}{sentence}"):
            after.append(line)
    return "" if after == before else _write(file, before, _without_empty(after))


def _with(lines: list[str], intent: str, sentence: str) -> list[str]:
    new = f"{_LINE}{sentence}"
    if f"{_INTENT}{intent}" not in lines:
        return [*lines, f"{_INTENT}{intent}", _EXAMPLES, new]
    at = lines.index(f"{_INTENT}{intent}") + 1
    while at < len(lines) and (lines[at].startswith("  ") or not lines[at]):
        at += 1
    while not lines[at - 1]:
        at -= 1
    return [*lines[:at], new, *lines[at:]]


def _without_empty(lines: list[str]) -> list[str]:
    """Drop intents without examples, which stop the training."""
    kept: list[str] = []
    for place, line in enumerate(lines):
        following = lines[place + 1 : place + 3]
        if line.startswith(_INTENT) and not any(one.startswith(_LINE) for one in following):
            continue
        if line == _EXAMPLES and not (following and following[0].startswith(_LINE)):
            continue
        kept.append(line)
    return kept if any(line.startswith(_INTENT) for line in kept) else []


def _write(file: Path, before: list[str], after: list[str]) -> str:
    if after:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, delete=False) as new:
            new.write("\n".join(after) + "\n")
        Path(new.name).replace(file)
    else:
        file.unlink(missing_ok=True)
    name = str(file.relative_to(ROOT)) if file.is_relative_to(ROOT) else file.name
    return "\n".join(difflib.unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm=""))


def _held_out() -> dict[str, list[str]]:
    if not HELD_OUT.exists():
        raise HeldOutMissing(
            f"The held-out sentences that measure the model are missing ({HELD_OUT}): this may be one of them. "
            "Nothing was changed. Restore the folder data/held_out of this version.",
        )
    return examples_of([HELD_OUT])


def examples_of(files: Iterable[Path]) -> dict[str, list[str]]:
    """Return the examples in files of training data by intent, in the order written."""
    found: dict[str, list[str]] = {}
    for file in files:
        here = ""
        for line in _lines(file):
            if line.startswith(_INTENT):
                here = line.removeprefix(_INTENT).strip()
                found.setdefault(here, [])
            elif line.startswith(_LINE) and here:
                found[here].append(line.removeprefix(_LINE).strip())
    return found


def _is_in(sentence: str, examples: dict[str, list[str]]) -> bool:
    wanted = phrase_key(sentence)
    return any(phrase_key(one) == wanted for sentences in examples.values() for one in sentences)


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []
