"""`techref settings` tells everything about a setting but a secret's value."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import build_command_line
from bot.settings.env.settings import list_settings

ROOT = Path(__file__).parents[2]
ADDRESSES = {
    "TECHREF_DATABASE_URL": "postgresql://techref:%s@127.0.0.1/techref",
    "TECHREF_REDIS_URL": "redis://:%s@127.0.0.1/0",
    "TECHREF_IMAP_URL": "imaps://techref:%s@127.0.0.1:993",
    "TECHREF_SMTP_URL": "smtp://techref:%s@127.0.0.1:25",
    "TECHREF_NOTIFY_URLS": "json://techref:%s@127.0.0.1/",
}
SECRET = "kept-for-myself-kept-for-myself-kept"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TECHREF_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("options", [[], ["--plain"]])
def test_no_secret_is_shown(home: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]) -> None:
    secrets = [line.key for line in list_settings({}) if line.secret]
    for key in secrets:
        monkeypatch.setenv(key, ADDRESSES.get(key, "%s") % SECRET)
    shown = CliRunner().invoke(build_command_line("settings"), ["settings", *options])
    assert shown.exit_code == 0, shown.output
    printed = re.sub(r"[\s│]", "", shown.output)
    assert SECRET not in printed
    assert shown.output.count("********") == len(secrets) >= 5


def test_every_setting_is_listed_with_where_it_comes_from(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TECHREF_PORT", "18321")
    shown = CliRunner().invoke(build_command_line("settings"), ["settings", "--plain"]).output.splitlines()
    rows = {key: (value, source) for key, value, source in (line.split("\t") for line in shown)}
    assert list(rows) == [line.key for line in list_settings({})]
    assert rows["TECHREF_PORT"] == ("18321", "environment")
    assert rows["TECHREF_RASA_PORT"] == ("5005", "default")


def test_a_wrong_setting_is_named_with_what_to_write(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TECHREF_PORT", "eight thousand")
    shown = CliRunner().invoke(build_command_line("settings"), ["settings"])
    assert shown.exit_code == 1
    assert "TECHREF_PORT" in shown.stderr
    assert "write a port number" in shown.stderr
