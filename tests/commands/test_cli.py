"""The command line as a whole."""

import importlib
import subprocess
import sys

import pytest
import typer

from bot.cli import COMMANDS, build_command_line, mount_command


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_that_is_listed_can_be_mounted(name: str) -> None:
    root = typer.Typer()
    mount_command(root, name, COMMANDS[name])
    assert importlib.import_module(COMMANDS[name].module).app
    assert [one.name for one in root.registered_commands] + [one.name for one in root.registered_groups] == [name]


def test_help_imports_no_heavy_library() -> None:
    """So that `techref --help` answers at once on a small machine."""
    heavy = "{'numpy', 'onnxruntime', 'sqlalchemy', 'sanic', 'rasa_sdk', 'whoosh', 'pydantic'}"
    program = (
        "import sys; from bot.cli import app; sys.argv = ['techref', '--help']\n"
        "try: app()\n"
        "except SystemExit: pass\n"
        f"print('heavy:', sorted({heavy} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.rstrip().endswith("heavy: []")
    assert all(name in ended.stdout for name in COMMANDS)


def test_an_unknown_command_is_refused() -> None:
    with pytest.raises(SystemExit) as ended:
        build_command_line("nonsense")(["nonsense"])
    assert ended.value.code == 2
