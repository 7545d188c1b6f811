"""Everything that cannot be made again, in one file: taken while the product runs, put back while it does not.

The database is copied first and the files after it: a file is stored before the row that names it, so whatever the
copied rows name is there. What can be made again stays out: index, dialogue model, embedding, caches, logs, and
Rasa's tracker, which is disposable.
"""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from bot.settings import Settings
from bot.store import schema

MADE_AGAIN = {"index", "models", "embedding", "cache", "logs", "run", "backups"}
TRACKER = "rasa_tracker.db"
MANIFEST, FILES = "manifest.json", "home"
SQLITE_COPY, POSTGRES_COPY = "database.sqlite", "database.pgdump"
FORMAT = 1
PAGES_A_STEP = 2000

Progress = Callable[[str], None]


class BackupFailed(Exception):
    """The message says what happened, what was kept, and what to do."""


def write(settings: Settings, file: Path, now: datetime, progress: Progress) -> None:
    """Write a backup to ``file``, readable by its owner only. Raises BackupFailed; no half file is left behind."""
    if schema.current(settings.database_url) is None:
        raise BackupFailed("There is no database yet, so there is nothing to back up. Run: techref migrate")
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            progress("copying the database")
            database = _copy_database(settings, Path(folder))
            progress("copying the files")
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as output:
                _pack(settings, database, output, now)
                os.fsync(output.fileno())
        unfinished.replace(file)
    except OSError as error:
        raise BackupFailed(f"{file} could not be written ({error.strerror}); nothing was left there.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _copy_database(settings: Settings, folder: Path) -> Path:
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        copy = folder / SQLITE_COPY
        with closing(sqlite3.connect(url.database or "")) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target, pages=PAGES_A_STEP)
        return copy
    copy = folder / POSTGRES_COPY
    _postgres("pg_dump", url, "--format=custom", "--no-owner", "--file", str(copy))
    return copy


def _pack(settings: Settings, database: Path, output: io.BufferedIOBase, now: datetime) -> None:
    digests: dict[str, str] = {}
    with tarfile.open(fileobj=output, mode="w:gz") as archive:
        for name, path in [(database.name, database), *_files(settings)]:
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                # Removed since it was listed: by the retention rules, or a technician.
                continue
            digests[name] = hashlib.sha256(content).hexdigest()
            _add(archive, name, content, path.stat().st_mode if path.exists() else 0o600)
        about = {
            "format": FORMAT,
            "made_at": now.isoformat(),
            "schema": schema.current(settings.database_url),
            "files": digests,
        }
        _add(archive, MANIFEST, json.dumps(about, indent=1).encode(), 0o600)


def _add(archive: tarfile.TarFile, name: str, content: bytes, mode: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), mode & 0o777
    archive.addfile(member, io.BytesIO(content))


def _files(settings: Settings) -> Iterator[tuple[str, Path]]:
    database = make_url(settings.database_url).database
    for path in sorted(settings.home.rglob("*")):
        inside = path.relative_to(settings.home)
        left_out = inside.parts[0] in MADE_AGAIN or path.name.startswith(TRACKER)
        is_database = database is not None and str(path).startswith(str(Path(database).absolute()))
        if path.is_file() and not path.is_symlink() and not left_out and not is_database:
            yield f"{FILES}/{inside}", path


def restore(settings: Settings, file: Path, now: datetime, *, replace: bool, progress: Progress) -> Path | None:
    """Put a backup back into TECHREF_HOME and the database; where what was there before lies now, if there was any.

    Everything is checked before anything is changed. Raises BackupFailed. The caller holds the home's lock.
    """
    with tempfile.TemporaryDirectory(dir=_existing(settings.home.parent)) as folder:
        progress("checking the backup")
        unpacked = Path(folder)
        _unpack(file, unpacked)
        postgres = (unpacked / POSTGRES_COPY).exists()
        url = make_url(settings.database_url)
        if postgres == (url.get_backend_name() == "sqlite"):
            raise BackupFailed("The backup is of another kind of database than TECHREF_DATABASE_URL names.")
        if schema.current(settings.database_url) is not None and not replace:
            raise BackupFailed("There is a database already; nothing was changed. To put it aside, add --replace.")
        aside = _put_aside(settings.home, now)
        progress("putting the files back")
        shutil.copytree(unpacked / FILES, settings.home, dirs_exist_ok=True)
        if postgres:
            _postgres("pg_restore", url, "--clean", "--if-exists", "--no-owner", str(unpacked / POSTGRES_COPY))
        else:
            target = Path(url.database or "")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(unpacked / SQLITE_COPY, target)
        return aside


def _unpack(file: Path, folder: Path) -> None:
    """Unpack and check every file against the manifest; raises BackupFailed before anything else is touched."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        about = json.loads((folder / MANIFEST).read_text())
        found = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in about["files"]}
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError) as error:
        raise BackupFailed(f"{file} is not a whole backup of TechRef; nothing was changed.") from error
    if about["format"] != FORMAT or found != about["files"]:
        raise BackupFailed(f"{file} is damaged or of another version of TechRef; nothing was changed.")
    (folder / FILES).mkdir(exist_ok=True)


def _put_aside(home: Path, now: datetime) -> Path | None:
    """Move what may not mix with the backup out of the way; what can be made again stays where it is."""
    kept = [path for path in home.iterdir() if path.name not in MADE_AGAIN] if home.exists() else []
    if not kept:
        home.mkdir(parents=True, exist_ok=True)
        return None
    aside = home / "backups" / f"before-restore-{now:%Y%m%d-%H%M%S}"
    aside.mkdir(parents=True)
    for path in kept:
        path.rename(aside / path.name)
    return aside


def _existing(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _postgres(program: str, url: URL, *arguments: str) -> None:
    """Run PostgreSQL's own tool; the password goes by the environment, where other users cannot read it."""
    if shutil.which(program) is None:
        raise BackupFailed(f"{program} was not found; nothing was changed. Install PostgreSQL's client programs.")
    address = url.set(drivername="postgresql", password=None).render_as_string()
    environ = {**os.environ, **({"PGPASSWORD": url.password} if url.password else {})}
    ended = subprocess.run(
        [program, *arguments[:-1], "--dbname", address, arguments[-1]] if program == "pg_restore"
        else [program, *arguments, "--dbname", address],
        env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if ended.returncode:
        raise BackupFailed(f"{program} ended with status {ended.returncode}: {ended.stderr.strip()[-500:]}")
