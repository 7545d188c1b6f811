"""The assistant's own files, as Rasa's commands take them."""

import os
import re
import subprocess
from pathlib import Path

from conftest import ROOT, engine_command, engine_environment
from ruamel.yaml import YAML

# The composer says them, which Rasa does not see.
SAID_ELSEWHERE = re.compile(r"The utterance '\w+' is not used in any story or rule\.")
# They are chosen by quick replies alone.
ONLY_CHOSEN = re.compile(
    r"The intent '(\w+)' is listed in the domain file, but is not found in the NLU training data\."
)
# The same words mean another thing after another question; tests/dialogue/test_nlu_data.py looks at each context.
TWO_INTENTS = re.compile(r"The example '(.+)' was found labeled with multiple different intents")


def in_context() -> set[str]:
    """Return the sentences that are trained with what we said before them."""
    lines = (ROOT / "data/nlu/in_context.yml").read_text(encoding="utf-8").splitlines()
    return {line.removeprefix("    - ") for line in lines if line.startswith("    - ")}


def read(file: str) -> dict:
    return YAML(typ="safe").load((ROOT / file).read_text(encoding="utf-8"))


def test_one_rule_names_every_intent_and_leads_to_the_one_action() -> None:
    (rule,) = read("data/rules/decide.yml")["rules"]
    named, action = rule["steps"]
    assert [each["intent"] for each in named["or"]] == [*read("domain.yml")["intents"], "nlu_fallback"]
    assert read("domain.yml")["actions"] == [action["action"]] == ["action_decide"]
    assert [file.name for file in (ROOT / "data/rules").iterdir()] == ["decide.yml"]


def test_nothing_is_remembered_by_slot_form_or_store() -> None:
    assert not {"slots", "forms"} & set(read("domain.yml"))
    assert set(read("endpoints.yml")) == {"action_endpoint"}


def test_rasas_validation_finds_nothing(tmp_path: Path) -> None:
    validated = subprocess.run(
        engine_command("data", "validate", "--data", "data/nlu", "data/rules"),
        cwd=ROOT,
        env={**os.environ, **engine_environment(tmp_path)},
        capture_output=True,
        text=True,
    )
    output = validated.stdout + validated.stderr
    warnings = [line for line in output.splitlines() if "UserWarning" in line and not SAID_ELSEWHERE.search(line)]
    warnings = [line for line in warnings if not (found := TWO_INTENTS.search(line)) or found[1] not in in_context()]
    chosen = [found[1] for line in warnings if (found := ONLY_CHOSEN.search(line))]
    assert validated.returncode == 0 and len(chosen) == len(warnings), output
    assert "No story structure conflicts found" in output
