"""Every sentence that the assistant says is in domain.yml, and none stands there unused: a missing one is silence."""

import ast
from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML

from actions.decide import ACTION
from bot.dialogue.draft import CATEGORY, CONTACT, PROBLEM
from bot.dialogue.intake.harm_warning import HARM_GOES_ON

ROOT = Path(__file__).parents[2]
DOMAIN = YAML(typ="safe").load((ROOT / "domain.yml").read_text(encoding="utf-8"))
# Names that are put together from a prefix and what it is about.
PUT_TOGETHER = {
    "utter_why_": (PROBLEM, CONTACT, CATEGORY),
    "utter_first_aid_": tuple(map(str, HARM_GOES_ON)),
}


def _said() -> Iterator[str]:
    for file in (*(ROOT / "bot/dialogue/topics").glob("*.py"), ROOT / "bot/services/turn/compose.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and value.startswith("utter_"):
                yield from (value + ending for ending in PUT_TOGETHER.get(value, ("",)))


def test_the_sentences_that_are_said_are_those_of_the_domain() -> None:
    assert set(_said()) == set(DOMAIN["responses"])


def test_the_domain_names_the_one_action() -> None:
    assert DOMAIN["actions"] == [ACTION]
