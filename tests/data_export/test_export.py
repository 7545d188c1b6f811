"""Whoever leaves takes everything along, in files that need no program of ours, and no key to anything."""

import asyncio
import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import build_command_line
from bot.data_export import export as leaving
from bot.data_export.tables import GIVEN, STAYS
from bot.services.core.context import wire
from bot.settings.env.settings import load_settings
from bot.store import schema
from bot.store.tables import Base
from tests.support.postgres_server import temporary_database
from tests.upgrade import old_databases

OPENS_DOORS = ("hash", "token", "password", "secret", "code", "key")
# Names that only look like it.
HARMLESS = {("outbox", "secret"), ("attachments", "sha256"), ("reviewed_phrases", "key")}
PICTURE = b"\x89PNG\r\n\x1a\n a picture"


def test_every_table_is_given_out_or_said_why_not() -> None:
    tables = set(Base.metadata.tables)
    assert set(GIVEN) | set(STAYS) == tables, "a new table? name it in bot/data_export/tables.py"
    assert not set(GIVEN) & set(STAYS)


def test_the_columns_that_stay_behind_exist_and_none_that_opens_something_goes() -> None:
    for name, given in GIVEN.items():
        columns = set(Base.metadata.tables[name].columns.keys())
        assert set(given.without) <= columns, name
        going = columns - set(given.without)
        suspicious = {one for one in going if any(word in one for word in OPENS_DOORS)}
        assert {(name, one) for one in suspicious} <= HARMLESS, name


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with rows in every table, made once and copied for each test."""
    file = tmp_path_factory.mktemp("full") / "techref.db"
    old_databases.make(f"sqlite:///{file}", schema.newest() or "")
    return file


@pytest.fixture(scope="module")
def full_on_postgresql() -> Iterator[str]:
    """The same on PostgreSQL; its name."""
    with temporary_database() as url:
        old_databases.make(url, schema.newest() or "")
        yield url.rpartition("/")[2]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def office(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An office with rows in every table, files and settings; its database's URL."""
    home = tmp_path / "home"
    for name, content in {
        "attachments/ab/abc": PICTURE,
        "support.yml": b"company: Bakers\n",
        "manual/ovens.md": b"---\ntitle: Ovens\nchapter: Start\norder: 1\n---\n\n## Light it\n\nTurn the knob.\n",
        "manual/pictures/knob.png": PICTURE,
        "internal_secret": b"the secret of the processes",
        "sealing_key": b"the key to tokens",
    }.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(content)
    monkeypatch.setenv("TECHREF_HOME", str(home))
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("full"), home / "techref.db")
        yield f"sqlite:///{home / 'techref.db'}"
    else:
        with temporary_database(request.getfixturevalue("full_on_postgresql")) as url:
            monkeypatch.setenv("TECHREF_DATABASE_URL", url)
            yield url


def export(target: Path) -> str:
    ended = CliRunner().invoke(build_command_line("export"), ["export", str(target)])
    assert ended.exit_code == 0, ended.output
    return ended.output


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_everything_is_in_it_and_can_be_read_without_us(office: str, tmp_path: Path) -> None:
    told = export(tmp_path / "all")
    assert "1 files" in told
    kept = old_databases.everything(office)
    for name, given in GIVEN.items():
        rows = lines(tmp_path / "all" / "data" / f"{name}.jsonl")
        # The export itself is written down once it is done.
        assert len(rows) == len(kept[name]) - (name == "audit"), name
        assert not set(given.without) & set(rows[0]), name
    messages = lines(tmp_path / "all" / "data" / "messages.jsonl")
    assert messages[0]["text"] == "Quillbook says E-1402 when I print – “again”. 🙁"
    assert messages[0]["created_at"] == "2026-06-16T13:50:00+00:00"
    assert lines(tmp_path / "all" / "data" / "payments.jsonl")[0]["amount"] == 7000

    page = (tmp_path / "all" / "issues" / "TR-709-364-184.html").read_text(encoding="utf-8")
    assert "Nothing is where it was" in page and "Note of Anna" in page and "Sounds like the new menu." in page
    contents = (tmp_path / "all" / "issues" / "index.html").read_text(encoding="utf-8")
    assert contents.count('<a href="TR-') == 3
    assert (tmp_path / "all" / "issues" / "without-issue" / "c-slack.html").exists()

    (file,) = (tmp_path / "all" / "files").iterdir()
    assert file.name == "a-1-error.png" and file.read_bytes() == PICTURE
    assert f'href="../files/{file.name}"' in (tmp_path / "all" / "issues" / "TR-418-293-054.html").read_text()
    manual = (tmp_path / "all" / "manual" / "ovens.md").read_text()
    assert "title: Ovens" in manual and "Turn the knob." in manual
    assert (tmp_path / "all" / "manual" / "pictures" / "knob.png").read_bytes() == PICTURE
    assert (tmp_path / "all" / "settings" / "support.yml").read_bytes() == b"company: Bakers\n"
    readme = (tmp_path / "all" / "README.md").read_text()
    assert all(f"data/{name}.jsonl" in readme for name in GIVEN) and all(f"- {name}:" in readme for name in STAYS)


def test_nothing_in_it_opens_anything(office: str, tmp_path: Path) -> None:
    code = '{"letter": "code", "text": "Your code is 443-211"}'
    old_databases.run(office, f"UPDATE outbox SET secret = TRUE, payload = '{code}' WHERE kind = 'mail'")
    export(tmp_path / "all")
    everything = b"\n".join(file.read_bytes() for file in (tmp_path / "all").rglob("*") if file.is_file())
    for secret in (
        b"$argon2id$",
        b"a26d8bff49ef61aa",
        b"sealed",
        b"443-211",
        b"the secret of the processes",
        b"the key to tokens",
    ):
        assert secret not in everything


def test_only_its_owner_reads_it_and_one_file_is_made_when_wanted(office: str, tmp_path: Path) -> None:
    export(tmp_path / "all")
    for path in (tmp_path / "all", *(tmp_path / "all").rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
    export(tmp_path / "all.zip")
    assert (tmp_path / "all.zip").stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        packed = set(archive.namelist())
    assert packed == {f"all/{path.relative_to(tmp_path / 'all')}" for path in (tmp_path / "all").rglob("*.*")}
    assert {path.name for path in tmp_path.iterdir()} == {"home", "all", "all.zip"}


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_what_is_there_is_never_overwritten_and_nothing_half_is_left(office: str, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    refused = CliRunner().invoke(build_command_line("export"), ["export", str(tmp_path / "mine")])
    assert refused.exit_code == 1 and "is there already" in refused.output
    (tmp_path / "home" / "manual" / "bad.md").write_bytes(b"\xff")
    failed = CliRunner().invoke(build_command_line("export"), ["export", str(tmp_path / "all")])
    assert failed.exit_code == 1 and "nothing was left there" in failed.output and "bad.md" in failed.output
    assert {path.name for path in tmp_path.iterdir()} == {"home", "mine"}


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_a_file_that_a_technician_removed_is_named_as_missing(office: str, tmp_path: Path) -> None:
    (tmp_path / "home" / "attachments" / "ab" / "abc").unlink()
    assert "0 files" in export(tmp_path / "all")
    assert "- a-1-error.png" in (tmp_path / "all" / "README.md").read_text()


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_names_and_words_of_customers_are_only_words(office: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "home" / "techref.db")) as database:
        database.execute("UPDATE attachments SET name = '../../../etc/<b>passwd</b>'")
        database.execute("UPDATE messages SET text = '<script>alert(1)</script>' WHERE seq = 1")
        database.commit()
    export(tmp_path / "all")
    (file,) = (tmp_path / "all" / "files").iterdir()
    assert file.name == "a-1-_.._.._etc__b_passwd__b_"
    page = (tmp_path / "all" / "issues" / "TR-418-293-054.html").read_text()
    assert "<script>" not in page and "&lt;script&gt;" in page


@pytest.mark.postgresql
@pytest.mark.parametrize("office", ["postgresql"], indirect=True)
def test_all_of_it_is_of_one_moment(office: str, tmp_path: Path) -> None:
    """What is written meanwhile is in none of the tables, so that no row names one that is not there."""
    done = asyncio.run(_export_while_something_is_written(office, tmp_path / "all"))
    assert done
    notes = [note["text"] for note in lines(tmp_path / "all" / "data" / "notes.jsonl")]
    assert notes and "later" not in notes


async def _export_while_something_is_written(url: str, target: Path) -> bool:
    ctx, written = wire(load_settings(os.environ)), False

    def progress(_what: str, _done: int, _total: int) -> None:
        nonlocal written
        if not written:
            written = True
            write_a_note_meanwhile(url)

    await leaving.export(ctx, target, progress)
    await ctx.db.close()
    return written


def write_a_note_meanwhile(url: str) -> None:
    row = "('c-solved', 1, 4, 'later', '2026-06-17 08:00')"
    statement = f"INSERT INTO notes (conversation_id, technician_id, after_seq, text, created_at) VALUES {row}"
    with ThreadPoolExecutor(1) as thread:
        thread.submit(old_databases.run, url, statement).result()
