"""Fill carriers ("how do I {task}") with words of several trades and of this installation, for the training.

data/carriers holds the carriers and the words. The result depends on them and on the installation's words alone: each
word goes into a fixed number of carriers, chosen by a hash.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from bot.installation.places import ROOT

FOLDER = ROOT / "data" / "carriers"
# Kinds of words by their key in trades.yml.
_KINDS = {"things": "thing", "tasks": "task", "troubles": "trouble", "questions": "question"}
_EXAMPLE = "    - "
# Rasa would read an entity in such words.
_NOT_PLAIN = re.compile(r"[\[\](){}]")

Carriers = Mapping[str, Mapping[str, list[str]]]


@dataclass(frozen=True, order=True)
class Word:
    """The filling of a gap: ``kind`` is thing, task, trouble, question or name."""

    kind: str
    text: str


def carriers() -> Carriers:
    """Return the carriers by intent and by the kind of their gap."""
    found: Carriers = YAML(typ="safe").load(FOLDER / "carriers.yml")
    return found


def trade_words() -> list[Word]:
    """Return the words of the trades, in the order written."""
    trades = YAML(typ="safe").load(FOLDER / "trades.yml")
    return [
        Word(_KINDS[key], line.removeprefix("- ").strip())
        for trade in trades.values()
        for key, lines in trade.items()
        for line in lines.splitlines()
    ]


def filled(words: Iterable[Word], within: Carriers, times: int = 1) -> dict[str, list[str]]:
    """Return the sentences by intent: each word in so many carriers of each intent that has carriers of its kind."""
    sentences: dict[str, dict[str, None]] = {intent: {} for intent in within}
    for word in words:
        if _NOT_PLAIN.search(word.text):
            continue
        for intent, by_kind in within.items():
            if word.kind in by_kind:
                for carrier in _carriers(word, by_kind[word.kind])[:times]:
                    sentences[intent][carrier.replace(f"{{{word.kind}}}", word.text)] = None
    return {intent: list(found) for intent, found in sentences.items()}


def write_training_data(file: Path, examples: Mapping[str, Iterable[str]], said_last: str | None = None) -> None:
    """Write sentences by intent as Rasa's training data; ``said_last`` names what was said before each."""
    lines = ['version: "3.1"', "nlu:"]
    for intent, sentences in examples.items():
        of_intent = [f"{_EXAMPLE}{sentence}" for sentence in sentences]
        if of_intent:
            context = ["  metadata:", f"    said_last: {said_last}"] if said_last else []
            lines += [f"- intent: {intent}", *context, "  examples: |", *of_intent]
    if len(lines) > 2:
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _carriers(word: Word, among: list[str]) -> list[str]:
    return sorted(among, key=lambda carrier: hashlib.sha256(f"{word.text}|{carrier}".encode()).digest())
