"""What TechRef writes can be read by nobody else on the machine."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.installation.checks import all_checks
from bot.installation.places import ROOT
from bot.services.core.private_files import close_folder, is_open_to_others, keep_files_private
from bot.settings.env.settings import load_settings


def test_a_command_makes_its_files_for_the_owner_only_whatever_the_umask(tmp_path: Path) -> None:
    home = tmp_path / "home"
    made = subprocess.run(
        [sys.executable, "-m", "bot.cli", "migrate"],
        cwd=ROOT,
        env={**os.environ, "TECHREF_HOME": str(home)},
        umask=0o022,
        check=False,
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr
    assert (home / "techref.db").exists()
    assert [path for path in home.rglob("*") if is_open_to_others(path)] == []


@pytest.mark.parametrize("module", ["bot.gateway.__main__", "actions.__main__"])
def test_each_program_closes_its_files_before_anything_else(module: str, tmp_path: Path) -> None:
    """It ends at once, because the database is missing, and says with which umask it would have gone on."""
    script = (
        f"import os, sys, {module} as program\ntry: program.main()\nexcept SystemExit: pass\nprint(oct(os.umask(0)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "TECHREF_HOME": str(tmp_path / "none")},
        umask=0o022,
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.stdout.splitlines()[-1] == "0o77", ended.stderr


def test_a_folder_of_ours_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    close_folder(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    close_folder(tmp_path / "missing")


def test_doctor_says_when_others_can_read_the_home(tmp_path: Path) -> None:
    def said() -> list[str]:
        settings = load_settings({"TECHREF_HOME": str(tmp_path)})
        about_home = next(check for check in all_checks(settings) if getattr(check, "func", check).__name__ == "_home")
        return [finding.text for finding in about_home() if finding.fine is False]

    tmp_path.chmod(0o755)
    assert any("other users may read" in text for text in said())
    tmp_path.chmod(0o700)
    assert said() == []


def test_the_umask_is_that_of_children_as_well() -> None:
    before = os.umask(0o022)
    try:
        keep_files_private()
        child = subprocess.run([sys.executable, "-c", "import os; print(os.umask(0))"], capture_output=True, check=True)
        assert int(child.stdout) == 0o077
    finally:
        os.umask(before)
