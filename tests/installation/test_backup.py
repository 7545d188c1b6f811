"""A backup taken while customers write is whole, and restoring it brings everything back and deletes nothing."""

import os
import resource
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url
from typer.testing import CliRunner

from bot.cli import build_command_line
from bot.installation import backup, restore
from bot.installation.backup_file import BackupFailed, run_postgres_tool
from bot.processes.only_one import exclusive_lock
from bot.settings.env.settings import Settings, load_settings
from bot.store import schema

NOW = datetime(2026, 6, 17, 14, 0, tzinfo=UTC)


def settings_of(home: Path) -> Settings:
    return load_settings({"TECHREF_HOME": str(home)})


def quietly(_step: str) -> None:
    """No terminal, no progress."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a contract in its database, a file of a customer, a setting, and things that can be made again."""
    home = tmp_path / "home"
    schema.upgrade(settings_of(home).database_url)
    with closing(sqlite3.connect(home / "techref.db")) as database:
        database.execute(
            "INSERT INTO contracts (number, company, status, starts_on, email_domains) VALUES (?, ?, ?, ?, ?)",
            ("C-1", "Bakery", "active", "2026-01-01", "[]"),
        )
        database.commit()
    for name, content in {
        "attachments/ab/abc": b"\x00a picture",
        "support.yml": b"company: Bakers\n",
        "internal_secret": b"s",
        "index/current": b"1",
        "models/techref.tar.gz": b"m",
    }.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(content)
    return home


@pytest.fixture
def file(home: Path, tmp_path: Path) -> Path:
    target = tmp_path / "backup.tar.gz"
    backup.write_backup(settings_of(home), target, NOW, quietly)
    return target


def companies(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "techref.db")) as database:
        return [row[0] for row in database.execute("SELECT company FROM contracts")]


def test_only_what_cannot_be_made_again_is_in_it_and_only_its_owner_reads_it(file: Path) -> None:
    with tarfile.open(file) as archive:
        names = set(archive.getnames())
    assert names == {
        "manifest.json",
        "database.sqlite",
        "home/attachments/ab/abc",
        "home/support.yml",
        "home/internal_secret",
    }
    assert file.stat().st_mode & 0o777 == 0o600


def test_restoring_elsewhere_brings_everything_back(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "home"
    aside = restore.restore_backup(settings_of(other), file, NOW, replace=False, progress=quietly)
    assert aside is None
    assert companies(other) == ["Bakery"]
    assert (other / "attachments/ab/abc").read_bytes() == b"\x00a picture"
    assert (other / "support.yml").read_bytes() == b"company: Bakers\n"
    schema.check(settings_of(other).database_url)


def test_nothing_is_written_beside_the_home(file: Path, home: Path, tmp_path: Path) -> None:
    """A service's user may write to its home alone, and a container's home is a mount of its own."""
    seen: list[set[Path]] = []
    before = set(home.parent.iterdir())

    def look(_step: str) -> None:
        seen.append(set(home.parent.iterdir()))

    restore.restore_backup(settings_of(home), file, NOW, replace=True, progress=look)
    assert seen and all(one == before for one in seen)
    assert not list((home / "cache").iterdir())


def test_a_write_that_is_under_way_is_in_the_copy_whole_or_not_at_all(home: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(home / "techref.db")) as writing:
        writing.execute("UPDATE contracts SET company = 'half'")
        backup.write_backup(settings_of(home), tmp_path / "now.tar.gz", NOW, quietly)
        writing.commit()
    other = tmp_path / "other"
    restore.restore_backup(settings_of(other), tmp_path / "now.tar.gz", NOW, replace=False, progress=quietly)
    assert companies(other) == ["Bakery"]


def test_what_is_there_is_not_overwritten_but_put_aside(file: Path, home: Path) -> None:
    (home / "support.yml").write_text("company: Changed\n")
    with pytest.raises(BackupFailed, match="--replace"):
        restore.restore_backup(settings_of(home), file, NOW, replace=False, progress=quietly)
    assert (home / "support.yml").read_text() == "company: Changed\n"
    aside = restore.restore_backup(settings_of(home), file, NOW, replace=True, progress=quietly)
    assert aside is not None and (aside / "support.yml").read_text() == "company: Changed\n"
    assert companies(aside) == ["Bakery"]
    assert (home / "support.yml").read_text() == "company: Bakers\n"
    assert (home / "models/techref.tar.gz").exists()


@pytest.mark.parametrize("damage", ["cut", "changed", "not a backup", "missing"])
def test_a_damaged_backup_changes_nothing(file: Path, home: Path, tmp_path: Path, damage: str) -> None:
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-200])
    elif damage == "changed":
        with tarfile.open(file) as archive:
            archive.extractall(tmp_path / "opened")
        (tmp_path / "opened/home/support.yml").write_text("company: Thieves\n")
        with tarfile.open(file, "w:gz") as archive:
            archive.add(tmp_path / "opened", arcname=".")
    elif damage == "not a backup":
        file.write_bytes(secrets.token_bytes(1000))
    else:
        file.unlink()
    with pytest.raises(BackupFailed, match="nothing was changed"):
        restore.restore_backup(settings_of(home), file, NOW, replace=True, progress=quietly)
    assert companies(home) == ["Bakery"] and not (home / "backups").exists()


def test_the_commands_say_where_the_backup_is_and_refuse_while_running(
    home: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TECHREF_HOME", str(home))
    made = CliRunner().invoke(build_command_line("backup"), ["backup"])
    assert made.exit_code == 0, made.output
    (kept,) = (home / "backups").glob("techref-*.tar.gz")
    assert kept.stat().st_size > 1000
    with exclusive_lock(home):
        refused = CliRunner().invoke(build_command_line("restore"), ["restore", str(file), "--replace"])
    assert refused.exit_code == 1 and "already running" in refused.output
    restored = CliRunner().invoke(build_command_line("restore"), ["restore", str(file), "--replace"])
    assert restored.exit_code == 0, restored.output


def test_nothing_to_back_up_is_said(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="techref migrate"):
        backup.write_backup(settings_of(tmp_path / "none"), tmp_path / "b.tar.gz", NOW, quietly)


def test_a_backup_ends_while_customers_write_without_a_pause(home: Path, tmp_path: Path) -> None:
    """Copied in steps, the copy would begin anew after each write of another process."""
    with closing(sqlite3.connect(home / "techref.db")) as database:
        database.execute("CREATE TABLE bulk (words TEXT)")
        database.executemany("INSERT INTO bulk VALUES (?)", ((secrets.token_hex(5000),) for _ in range(1500)))
        database.commit()
    writer = subprocess.Popen([sys.executable, "-c", WRITES_FOR_EVER, str(home / "techref.db")], stdout=subprocess.PIPE)
    try:
        assert writer.stdout and writer.stdout.readline() == b"writing\n"
        began = time.monotonic()
        backup.write_backup(settings_of(home), tmp_path / "busy.tar.gz", NOW, quietly)
        assert time.monotonic() - began < 30
    finally:
        writer.kill()
        writer.communicate()
    other = tmp_path / "other"
    restore.restore_backup(settings_of(other), tmp_path / "busy.tar.gz", NOW, replace=False, progress=quietly)
    with closing(sqlite3.connect(other / "techref.db")) as database:
        assert database.execute("SELECT count(*) FROM bulk").fetchone() == (1500,)


WRITES_FOR_EVER = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
database.execute("PRAGMA journal_mode=WAL")
database.execute("PRAGMA synchronous=OFF")
print("writing", flush=True)
while True:
    database.execute("UPDATE contracts SET company = company || ''")
"""


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """A disk that is full once a file has this many bytes: what is written beyond fails."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(("size", "what"), [(10_000, "could not be copied"), (1_000_000, "could not be written")])
def test_a_full_disk_is_reported_and_leaves_nothing_behind(home: Path, tmp_path: Path, size: int, what: str) -> None:
    (home / "attachments/ab/large").write_bytes(secrets.token_bytes(2_000_000))
    folder = tmp_path / "full"
    with files_of_at_most(size), pytest.raises(BackupFailed, match=what):
        backup.write_backup(settings_of(home), folder / "techref-1.tar.gz", NOW, quietly)
    assert list(folder.iterdir()) == []


def test_no_backup_is_begun_that_may_not_fit(home: Path, tmp_path: Path) -> None:
    with (home / "attachments/ab/sparse").open("wb") as file:
        file.truncate(shutil.disk_usage(tmp_path).free)
    with pytest.raises(BackupFailed, match=r"no room.*Nothing was written"):
        backup.write_backup(settings_of(home), tmp_path / "full" / "b.tar.gz", NOW, quietly)
    assert list((tmp_path / "full").iterdir()) == []


def test_a_damaged_database_is_not_kept_as_a_good_backup(home: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(home / "techref.db")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (home / "techref.db").open("r+b") as file:
        file.seek(4096 * 5)
        file.write(b"\xff" * 4096 * 3)
    with pytest.raises(BackupFailed, match=r"damaged|could not be copied"):
        backup.write_backup(settings_of(home), tmp_path / "b.tar.gz", NOW, quietly)


def test_what_a_killed_backup_left_is_removed_by_a_later_one(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    (folder / ".backup-copy").mkdir(parents=True)
    (folder / ".backup-techref-1.tar.gz").write_bytes(b"half")
    for left in folder.iterdir():
        os.utime(left, (NOW.timestamp() - 7 * 3600,) * 2)
    (folder / ".backup-running").mkdir()
    os.utime(folder / ".backup-running", (NOW.timestamp() - 60,) * 2)
    backup.write_backup(settings_of(home), folder / "techref-2.tar.gz", NOW, quietly)
    assert {left.name for left in folder.iterdir()} == {".backup-running", "techref-2.tar.gz"}


@pytest.mark.parametrize("place", ["../outside", "/tmp/outside-techref", "home/../../outside", "link"])
def test_a_file_that_would_come_to_lie_elsewhere_is_refused(file: Path, tmp_path: Path, place: str) -> None:
    with tarfile.open(file) as archive:
        archive.extractall(tmp_path / "opened")
    bad = tmp_path / "deep" / "er" / "bad.tar.gz"
    bad.parent.mkdir(parents=True)
    with tarfile.open(bad, "w:gz") as archive:
        member = tarfile.TarInfo(place)
        if place == "link":
            member.type, member.linkname = tarfile.SYMTYPE, "/etc"
        archive.addfile(member)
        archive.add(tmp_path / "opened", arcname=".")
    other = tmp_path / "deep" / "er" / "home"
    with pytest.raises(BackupFailed, match="not a whole backup"):
        restore.restore_backup(settings_of(other), bad, NOW, replace=False, progress=quietly)
    assert not list(tmp_path.rglob("outside*"))
    assert [path.name for path in other.rglob("*")] == ["cache"]


def test_the_password_of_the_database_goes_by_the_environment_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "$PGPASSWORD $*" > {told}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    run_postgres_tool(
        "pg_dump", make_url("postgresql+asyncpg://techref:p%40ss@db:5433/techref?sslmode=require"), "--schema=public"
    )
    assert told.read_text() == "p@ss --schema=public --dbname postgresql://techref@db:5433/techref?sslmode=require\n"
