"""An office upgrades whose dialogue engine kept customers' words in a database of its own, which is deleted."""

from pathlib import Path

from typer.testing import CliRunner

from bot.cli import build_command_line
from tests.upgrade import old_databases

BEFORE = "0006_bundles"
FILES = ("rasa_tracker.db", "rasa_tracker.db-wal", "rasa_tracker.db-shm")
SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname = 'techref_dialogue'"


def test_the_dialogues_that_the_engine_kept_are_deleted(url: str, tmp_path: Path) -> None:
    old_databases.make(url, BEFORE)
    kept = [tmp_path / "home" / name for name in FILES]
    for file in kept:
        file.write_bytes(b"words")
    if not url.startswith("sqlite"):
        old_databases.run(url, "CREATE SCHEMA techref_dialogue; CREATE TABLE techref_dialogue.turns (words TEXT)")

    ended = CliRunner().invoke(build_command_line("migrate"), ["migrate"])

    assert ended.exit_code == 0, ended.output
    assert not [file for file in kept if file.exists()]
    assert url.startswith("sqlite") or not old_databases.column(url, SCHEMAS)
