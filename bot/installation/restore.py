"""Restore a backup while the product is stopped: everything is checked first, and nothing is deleted."""

import json
import os
import shutil
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from bot.installation.backup_file import (
    FILES,
    FORMAT,
    MADE_AGAIN,
    MANIFEST,
    POSTGRES_COPY,
    SQLITE_COPY,
    BackupFailed,
    Progress,
    require_postgres_tool,
    run_postgres_tool,
    sha256_of_file,
)
from bot.settings.env.settings import Settings
from bot.store import schema


def restore_backup(settings: Settings, file: Path, now: datetime, *, replace: bool, progress: Progress) -> Path | None:
    """Restore a backup into TECHREF_HOME and the database; return the folder of the previous data, if there was any.

    Everything is checked before anything is changed. Raises BackupFailed. The caller holds the home's lock.
    """
    # Inside the home: a service's user may write nowhere beside it.
    with tempfile.TemporaryDirectory(dir=_existing(settings.home / "cache")) as folder:
        progress("checking the backup")
        unpacked = Path(folder)
        try:
            schema.check_known(_unpack(file, unpacked))
        except schema.SchemaAhead as error:
            raise BackupFailed(f"{file} is of a newer version of TechRef; nothing was changed.") from error
        except schema.SchemaTooOld as error:
            raise BackupFailed(f"{file} cannot be restored by this version. {error}") from error
        on_postgresql = (unpacked / POSTGRES_COPY).exists()
        url = make_url(settings.database_url)
        if on_postgresql == (url.get_backend_name() == "sqlite"):
            raise BackupFailed("The backup is of another kind of database than TECHREF_DATABASE_URL names.")
        if schema.current(settings.database_url) is not None and not replace:
            raise BackupFailed("There is a database already; nothing was changed. To put it aside, add --replace.")
        if on_postgresql:
            progress("putting the database back")
            _into_postgresql(url, unpacked / POSTGRES_COPY, now)
        aside = _put_aside(settings.home, now)
        progress("putting the files back")
        shutil.copytree(unpacked / FILES, settings.home, dirs_exist_ok=True)
        if not on_postgresql:
            target = Path(url.database or "")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(unpacked / SQLITE_COPY, target)
        return aside


def _into_postgresql(url: URL, copy: Path, now: datetime) -> None:
    """Restore in one transaction; previous data stays in the same database, in a schema named after the moment."""
    require_postgres_tool("pg_restore")
    address, name = url.render_as_string(hide_password=False), aside_name(now).replace("-", "_")
    schema.put_aside(address, name)
    try:
        run_postgres_tool(
            "pg_restore", url, "--single-transaction", "--no-owner", f"--schema={schema.PUBLIC}", str(copy)
        )
    except BackupFailed:
        schema.take_back(address, name)
        raise


def _unpack(file: Path, folder: Path) -> str | None:
    """Unpack and check every file against the manifest; return the schema version of its database.

    Raises BackupFailed before anything else is touched.
    """
    try:
        with tarfile.open(file, "r:gz") as archive:
            _extract(archive, folder)
        about = json.loads((folder / MANIFEST).read_text())
        found = {name: sha256_of_file(folder / name) for name in about["files"]}
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError) as error:
        raise BackupFailed(f"{file} is not a whole backup of TechRef; nothing was changed.") from error
    if about["format"] != FORMAT or found != about["files"]:
        raise BackupFailed(f"{file} is damaged or of another version of TechRef; nothing was changed.")
    (folder / FILES).mkdir(exist_ok=True)
    revision: str | None = about["schema"]
    return revision


def _extract(archive: tarfile.TarFile, folder: Path) -> None:
    """Write the archive's files below ``folder``. Raises TarError for anything that would be written elsewhere.

    Not by ``extractall(filter=…)``, which the Python 3.11.2 of Debian 12 does not have:
    https://docs.python.org/3/library/tarfile.html#extraction-filters
    """
    for member in archive:
        target = Path(os.path.normpath(folder / member.name))
        if not (member.isfile() or member.isdir()) or not target.is_relative_to(folder):
            raise tarfile.TarError(member.name)
        content = archive.extractfile(member)
        if content is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                shutil.copyfileobj(content, file)
            target.chmod(member.mode & 0o700 | 0o600)


def _put_aside(home: Path, now: datetime) -> Path | None:
    """Move aside what may not mix with the backup; reproducible files stay in place."""
    kept = [path for path in home.iterdir() if path.name not in MADE_AGAIN] if home.exists() else []
    if not kept:
        home.mkdir(parents=True, exist_ok=True)
        return None
    aside = home / "backups" / aside_name(now)
    aside.mkdir(parents=True)
    for path in kept:
        path.rename(aside / path.name)
    return aside


def aside_name(now: datetime) -> str:
    """Return the name under which previous data is kept."""
    return f"before-restore-{now:%Y%m%d-%H%M%S}"


def _existing(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
