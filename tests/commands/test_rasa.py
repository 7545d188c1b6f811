"""`techref rasa …` passes everything through: arguments, output and exit status."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.installation.environments import ENGINE

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.stack,
    pytest.mark.skipif(not ENGINE.is_ready(), reason="make setup has not been run"),
]


def rasa(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot.cli", "rasa", *arguments]
    environ = {"TECHREF_HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


def test_options_reach_rasa_not_our_own_command_line(tmp_path: Path) -> None:
    ended = rasa(tmp_path, "data", "validate", "--help")
    assert ended.returncode == 0, ended.stderr
    assert "--max-history" in ended.stdout


def test_rasas_exit_status_is_ours(tmp_path: Path) -> None:
    assert rasa(tmp_path, "data", "nonsense").returncode == 2
