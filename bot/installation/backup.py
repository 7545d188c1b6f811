"""Back up all irreplaceable data into one file, while the product runs.

The database is copied first and the files after it: a file is stored before the row that names it, so every file that
the copied rows name exists. Reproducible data stays out: index, dialogue model, embedding, caches and logs.
"""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.installation.backup_file import (
    FILES,
    FORMAT,
    MANIFEST,
    POSTGRES_COPY,
    SQLITE_COPY,
    BackupFailed,
    Progress,
    is_made_again,
    run_postgres_tool,
)
from bot.settings.env.settings import Settings
from bot.store import schema

UNFINISHED = ".backup-"
# A process that was killed left a copy behind; no backup takes this long.
ABANDONED_AFTER_SECONDS = 6 * 3600
# The product goes on writing: a backup never fills the disk.
LEFT_FREE_BYTES = 200_000_000
READ_AT_ONCE = 1_000_000


def write_backup(settings: Settings, file: Path, now: datetime, progress: Progress) -> None:
    """Write a backup to ``file``, readable by its owner only. Raises BackupFailed; no half file is left behind."""
    if schema.current(settings.database_url) is None:
        raise BackupFailed("There is no database yet, so there is nothing to back up. Run: techref migrate")
    unfinished = file.with_name(f"{UNFINISHED}{file.name}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(file.parent, now)
        _check_room(settings, file.parent)
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=UNFINISHED) as folder:
            progress("copying the database")
            database = _copy_database(settings, Path(folder))
            progress("copying the files")
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as output:
                _pack(settings, database, output, now)
                output.flush()
                os.fsync(output.fileno())
        unfinished.replace(file)
    except OSError as error:
        raise BackupFailed(
            f"{file} could not be written ({error.strerror or error}); nothing was left there."
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _remove_abandoned(folder: Path, now: datetime) -> None:
    for left in folder.glob(f"{UNFINISHED}*"):
        if now.timestamp() - left.stat().st_mtime > ABANDONED_AFTER_SECONDS:
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def _check_room(settings: Settings, folder: Path) -> None:
    """Raise BackupFailed when the copy and the packed file may not fit; compressed, a database is less than half."""
    database = make_url(settings.database_url)
    copied = Path(database.database or "").stat().st_size if database.get_backend_name() == "sqlite" else 0
    needed = copied * 3 // 2 + sum(_size(path) for _, path in _files(settings)) + LEFT_FREE_BYTES
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise BackupFailed(
            f"There is no room for a backup in {folder}: it may need {needed / 1e9:.1f} GB and {free / 1e9:.1f} GB are "
            "free. Nothing was written. Free some space, or back up to another disk: techref backup FILE"
        )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _copy_database(settings: Settings, folder: Path) -> Path:
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        copy = folder / SQLITE_COPY
        try:
            with closing(sqlite3.connect(url.database or "")) as source, closing(sqlite3.connect(copy)) as target:
                # In one step: between two, any write of another process would restart the copy.
                source.backup(target)
                (state,) = target.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.Error as error:
            raise BackupFailed(f"The database could not be copied ({error}); nothing was left of the copy.") from error
        if state != "ok":
            raise BackupFailed(
                "The database is damaged, so no backup was made. Restore the last good one and report this."
            )
        return copy
    copy = folder / POSTGRES_COPY
    run_postgres_tool("pg_dump", url, "--format=custom", "--no-owner", f"--schema={schema.PUBLIC}", "--file", str(copy))
    return copy


def _pack(settings: Settings, database: Path, output: io.BufferedIOBase, now: datetime) -> None:
    digests: dict[str, str] = {}
    with tarfile.open(fileobj=output, mode="w:gz") as archive:
        for name, path in [(database.name, database), *_files(settings)]:
            with suppress(FileNotFoundError):  # removed since it was listed: by the retention rules, or a technician
                digests[name] = _add_file(archive, name, path)
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


def _add_file(archive: tarfile.TarFile, name: str, path: Path) -> str:
    """Add the file and return the SHA-256 of its content. A large one is never in memory as a whole."""
    with path.open("rb") as content:
        about = os.fstat(content.fileno())
        if about.st_size <= READ_AT_ONCE:  # the volatile files are small
            read = content.read()
            _add(archive, name, read, about.st_mode)
            return hashlib.sha256(read).hexdigest()
        digest = hashlib.file_digest(content, "sha256")
        content.seek(0)
        member = tarfile.TarInfo(name)
        member.size, member.mode = about.st_size, about.st_mode & 0o777
        archive.addfile(member, content)
        return digest.hexdigest()


def _files(settings: Settings) -> Iterator[tuple[str, Path]]:
    database = make_url(settings.database_url).database
    for path in sorted(settings.home.rglob("*")):
        inside = path.relative_to(settings.home)
        left_out = is_made_again(inside)
        is_database = database is not None and str(path).startswith(str(Path(database).absolute()))
        if path.is_file() and not path.is_symlink() and not left_out and not is_database:
            yield f"{FILES}/{inside}", path
