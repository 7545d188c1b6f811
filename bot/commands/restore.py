"""`techref restore`: restore a backup, while the product is stopped."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.migrate import bring_up_to_date
from bot.commands.reporting import console, done, settings_or_stop, stop
from bot.installation import restore as restoring
from bot.installation.backup_file import BackupFailed
from bot.processes.only_one import AlreadyRunning, only_one

app = typer.Typer()


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="a backup that `techref backup` wrote")],
    replace: Annotated[bool, typer.Option("--replace", help="put aside what is there now")] = False,
) -> None:
    """Restore a backup into TECHREF_HOME and the database. Existing data is moved aside, never deleted."""
    settings = settings_or_stop()
    try:
        with only_one(settings.home), console.status("restoring") as status:
            aside = restoring.put_back(settings, file, datetime.now(UTC), replace=replace, progress=status.update)
    except (BackupFailed, AlreadyRunning) as error:
        stop(error)
    done(f"restored from {file}")
    if aside is not None:
        done(f"what was there before lies in {aside}")
    bring_up_to_date(settings)
    done("start it again; index and dialogue model are made anew where they are missing")
