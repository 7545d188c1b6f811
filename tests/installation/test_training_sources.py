"""The model is trained again for everything that it is made from, and for nothing else."""

import re
from pathlib import Path

from bot.installation.places import ROOT
from bot.installation.training import DOMAIN, SOURCES, domain_without_responses

_IMPORT = re.compile(r"^from ((?:bot|knowledge_base)(?:\.\w+)+) import", re.MULTILINE)


def imported_by(file: Path, seen: set[Path]) -> set[Path]:
    """Every module of ours that a file imports, and those import; what a function imports later does not count."""
    for name in _IMPORT.findall(file.read_text()):
        module = ROOT / f"{name.replace('.', '/')}.py"
        if module.exists() and module not in seen:
            seen.add(module)
            imported_by(module, seen)
    return seen


def is_source(file: Path) -> bool:
    return any(file.is_relative_to(ROOT / source) for source in SOURCES)


def test_every_module_that_the_classifier_reads_with_is_a_source() -> None:
    needed: set[Path] = set()
    for name in ("intent_classifier", "intent_model", "wording"):
        imported_by(ROOT / "bot" / "engine" / f"{name}.py", needed)
    missing = [str(file.relative_to(ROOT)) for file in needed if not is_source(file)]
    assert [name for name in missing if name.startswith("bot/")] == []


def test_another_sentence_of_ours_needs_no_training_and_another_intent_does(tmp_path: Path) -> None:
    other = tmp_path / "domain.yml"
    other.write_text(DOMAIN.read_text().replace("Goodbye. Write here", "So long. Write here"))
    assert domain_without_responses(other) == domain_without_responses(DOMAIN)
    other.write_text(DOMAIN.read_text().replace("intents:\n", "intents:\n  - another\n"))
    assert domain_without_responses(other) != domain_without_responses(DOMAIN)
