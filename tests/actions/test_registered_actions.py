"""The action server registers every action there is, found in the source and not in a list."""

import ast
from pathlib import Path

import pytest

import actions
from actions.server import all_actions

PACKAGE = Path(actions.__path__[0])


def names_in_source() -> set[str]:
    """Return the ``action_name`` that each class in a module of the package assigns."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for line in node.body if isinstance(node, ast.ClassDef) else []:
                if isinstance(line, ast.Assign) and "action_name" in map(ast.unparse, line.targets):
                    found.add(ast.literal_eval(line.value))
    return found - {""}


def test_every_action_in_the_package_is_registered() -> None:
    names = names_in_source()
    assert len(names) > 20
    assert {action.name() for action in all_actions()} == names


def test_an_action_in_a_new_module_is_registered_without_another_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tmp_path / "brand_new.py"
    module.write_text(
        "from actions.base import TurnAction\n"
        "class BrandNew(TurnAction):\n"
        "    action_name = 'action_brand_new'\n"
        "    async def step(self, turn): ...\n"
    )
    monkeypatch.setattr(actions, "__path__", [*actions.__path__, str(tmp_path)])
    assert "action_brand_new" in {action.name() for action in all_actions()}
