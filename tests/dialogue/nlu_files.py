"""Reads Rasa's NLU training format, just enough to judge the examples: intent -> sentences, by what was said before."""

from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
# Sentences that may come anywhere, and those that were written for what we said before them.
IN_CONTEXT_FILE = ROOT / "data" / "nlu" / "in_context.yml"
TRAINING_FILES = [file for file in sorted((ROOT / "data" / "nlu").glob("*.yml")) if file != IN_CONTEXT_FILE]
HELD_OUT_IN_CONTEXT = ROOT / "data" / "held_out" / "in_context.yml"
PRODUCTS = sorted((ROOT / "data" / "held_out" / "products").glob("*.yml"))
TAUGHT_OF_PRODUCTS = ROOT / "data" / "held_out" / "products" / "taught"
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


def read_in_context(file: Path) -> dict[str, dict[str, list[str]]]:
    """By what was said before, the examples of each intent."""
    found: dict[str, dict[str, list[str]]] = {}
    for block in YAML(typ="safe").load(file.read_text(encoding="utf-8"))["nlu"]:
        examples = [line.removeprefix("- ").strip() for line in block["examples"].splitlines()]
        of_context = found.setdefault(block["metadata"]["said_last"], {})
        of_context.setdefault(block["intent"], []).extend(examples)
    return found
