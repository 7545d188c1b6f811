"""Set-up does what is not done yet, and nothing else."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.installation import environments
from bot.installation.environments import ENGINE, OURS, Environment

ROOT = Path(__file__).parents[2]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """An environment in a checkout of its own, stamped as set-up leaves it."""
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    environment = replace(OURS, folder="environment")
    environment.python.parent.mkdir(parents=True)
    environment.python.symlink_to(sys.executable)
    environment.write_stamp(environment.place(), environment.contents())
    return environment


def test_a_stamped_environment_is_ready(made: Environment) -> None:
    assert made.is_ready()


@pytest.mark.parametrize("lock", OURS.locks)
def test_a_changed_lock_file_has_its_environment_filled_again(made: Environment, lock: str, tmp_path: Path) -> None:
    with (tmp_path / lock).open("a") as file:
        file.write("# changed\n")
    assert not made.is_ready()
    assert made.is_in_place()


def test_a_setting_of_a_tool_does_not_ask_for_anything(made: Environment, tmp_path: Path) -> None:
    with (tmp_path / "pyproject.toml").open("a") as file:
        file.write("\n[tool.something]\nanswer = 42\n")
    assert made.is_ready()


def test_an_environment_that_was_moved_is_rebuilt(made: Environment) -> None:
    made.path.rename(made.path.with_name("elsewhere"))
    moved = replace(made, folder="elsewhere")
    assert not moved.is_in_place()


def test_an_environment_without_its_python_is_rebuilt(made: Environment) -> None:
    made.python.unlink()
    assert not made.is_in_place()


@pytest.mark.skipif(not (OURS.is_ready() and ENGINE.is_ready()), reason="make setup has not been run")
def test_the_second_set_up_installs_nothing(tmp_path: Path) -> None:
    stamps = [environment.path / environments.STAMP for environment in (OURS, ENGINE)]
    before = [stamp.stat().st_mtime_ns for stamp in stamps]
    ended = subprocess.run(
        [ROOT / "tools" / "setup"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("is up to date") == 2
    assert "preparing" not in ended.stdout
    assert [stamp.stat().st_mtime_ns for stamp in stamps] == before
