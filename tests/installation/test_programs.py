"""The three processes: only the gateway gets the address of the database."""

import os
import subprocess
from pathlib import Path

import pytest

from bot.installation.environment import engine_environment
from bot.installation.programs import GATEWAY, programs_of_stack
from bot.settings.env.settings import load_settings

DATABASE = {"TECHREF_DATABASE_URL": "postgresql://host/name", "TECHREF_DATABASE_URL_FILE": "/run/secrets/url"}
SHOW = "import os; print(*(name for name in os.environ if name.startswith('TECHREF_DATABASE')))"


def test_only_the_gateway_gets_the_address_of_the_database() -> None:
    given = {}
    for program in programs_of_stack(load_settings({})):
        start = program.command[: program.command.index("-m")]
        ended = subprocess.run(
            [*start, "-c", SHOW], env={**os.environ, **DATABASE}, capture_output=True, text=True, check=True
        )
        given[program.name] = set(ended.stdout.split())
    assert {name: variables for name, variables in given.items() if variables} == {GATEWAY: set(DATABASE)}


def test_training_does_not_get_it_either(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in DATABASE.items():
        monkeypatch.setenv(name, value)
    settings = load_settings({"TECHREF_HOME": str(tmp_path), "TECHREF_DATABASE_URL": DATABASE["TECHREF_DATABASE_URL"]})
    assert not set(DATABASE) & set(engine_environment(settings))
