"""`techref restore`: restore a backup, while the product is stopped."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.migrate import upgrade_if_needed
from bot.commands.reporting import console, exit_with_error, load_settings_or_exit, print_done
from bot.installation import restore as restoring
from bot.installation.backup_file import BackupFailed
from bot.processes.only_one import AlreadyRunning, exclusive_lock

app = typer.Typer()


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="a backup that `techref backup` wrote")],
    replace: Annotated[bool, typer.Option("--replace", help="put aside what is there now")] = False,
) -> None:
    """Restore a backup into TECHREF_HOME and the database. Existing data is moved aside, never deleted."""
    settings = load_settings_or_exit()
    try:
        with exclusive_lock(settings.home), console.status("restoring") as status:
            aside = restoring.restore_backup(settings, file, datetime.now(UTC), replace=replace, progress=status.update)
    except (BackupFailed, AlreadyRunning) as error:
        exit_with_error(error)
    print_done(f"restored from {file}")
    if aside is not None:
        print_done(f"what was there before lies in {aside}")
    upgrade_if_needed(settings)
    print_done("start it again; index and dialogue model are made anew where they are missing")
