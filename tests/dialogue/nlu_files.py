"""Reads Rasa's NLU training format, just enough to judge the examples: intent -> sentences."""

from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
TRAINING_FILES = sorted((ROOT / "data" / "nlu").glob("*.yml"))
HELD_OUT_FILE = ROOT / "data" / "held_out" / "nlu.yml"


def read_examples(*files: Path) -> dict[str, list[str]]:
    """The examples of each intent, in the order written; an intent may be spread over several files."""
    examples: dict[str, list[str]] = {}
    for file in files:
        for block in YAML(typ="safe").load(file.read_text(encoding="utf-8"))["nlu"]:
            lines = block["examples"].splitlines()
            not_an_example = [line for line in lines if not line.startswith("- ")]
            if not_an_example:
                raise ValueError(f"{file.name}: {block['intent']}: not a '- ' line: {not_an_example[0]!r}")
            examples.setdefault(block["intent"], []).extend(line[2:].strip() for line in lines)
    return examples
