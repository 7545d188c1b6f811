"""`techref backup`: back up all irreplaceable data into one file, while the product runs."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.reporting import console, exit_with_error, load_settings_or_exit, print_done
from bot.installation import backup as writing
from bot.installation.backup_file import BackupFailed
from bot.services.upkeep import backups

app = typer.Typer()


@app.command()
def backup(
    file: Annotated[
        Path | None, typer.Argument(help="where to; by default TECHREF_HOME/backups, with the date")
    ] = None,
) -> None:
    """Back up database, files and settings while everything runs. The file holds customers' words: keep it safe.

    The desk shows the result.
    """
    settings, now = load_settings_or_exit(), datetime.now(UTC)
    target = (file or backups.new_file(settings.home, now)).absolute()
    try:
        with console.status("backing up") as status:
            writing.write_backup(settings, target, now, status.update)
        backups.record_good(settings.home, target, now)
    except BackupFailed as error:
        backups.record_failure(settings.home, str(error), now)
        exit_with_error(error)
    print_done(f"backup: {target} ({target.stat().st_size / 1_000_000:.2f} MB)")
