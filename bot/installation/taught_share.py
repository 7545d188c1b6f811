"""Split the operator's own sentences: four of five are taught, one is held out and measures what teaching brought.

An intent with few own sentences keeps all of them: a score of one or two sentences says nothing. The choice is made by
a hash of the sentence, so that it stays when others come and go.
"""

import hashlib
import shutil
from pathlib import Path

from bot.installation.carriers import write_training_data
from bot.services.understanding.learned_examples import FILE_NAME, FOLDER, learned_examples
from bot.triage.privacy.anonymise import phrase_key

# An intent is split from so many own sentences on, and one of so many is held out.
FEWEST_TO_SPLIT, ONE_OF = 10, 5
# Questions and problems mostly come first; what was said before the others nobody knows.
BEGIN = ("how_to", "report_issue")
SAID_FIRST = "first"

Examples = dict[str, list[str]]


def split(examples: Examples) -> tuple[Examples, Examples]:
    """Return the taught and the held-out sentences by intent."""
    taught: Examples = {}
    held_out: Examples = {}
    for intent, sentences in examples.items():
        away = [one for one in sentences if len(sentences) >= FEWEST_TO_SPLIT and _is_held_out(one)]
        held_out[intent] = away
        taught[intent] = [one for one in sentences if one not in away]
    return taught, held_out


def write_taught_share(home: Path, folder: Path) -> Examples:
    """Write what of the operator's sentences is taught into the folder and return it; other files go there whole."""
    taught, _ = split(learned_examples(home))
    write_training_data(folder / FILE_NAME, taught)
    for file in sorted((home / FOLDER).glob("*.yml")):
        if file.name != FILE_NAME:
            shutil.copy(file, folder / f"own_{file.name}")
    return taught


def write_held_out_share(home: Path, folder: Path) -> list[Path]:
    """Write what is held out into the folder; return its files, none when nothing is held out."""
    _, held_out = split(learned_examples(home))
    begin = {intent: sentences for intent, sentences in held_out.items() if intent in BEGIN}
    others = {intent: sentences for intent, sentences in held_out.items() if intent not in BEGIN}
    files = [folder / "own_first.yml", folder / "own_others.yml"]
    write_training_data(files[0], begin, SAID_FIRST)
    write_training_data(files[1], others)
    return [file for file in files if file.exists()]


def _is_held_out(sentence: str) -> bool:
    return hashlib.sha256(phrase_key(sentence).encode()).digest()[0] % ONE_OF == 0
