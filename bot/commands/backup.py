"""`techref backup`: everything that cannot be made again, in one file, while the product runs."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.reporting import console, done, settings_or_stop, stop
from bot.installation import backup as backups

app = typer.Typer()


@app.command()
def backup(
    file: Annotated[
        Path | None, typer.Argument(help="where to; by default TECHREF_HOME/backups, with the date")
    ] = None,
) -> None:
    """Back up database, files and settings while everything runs. The file holds customers' words: keep it safe."""
    settings, now = settings_or_stop(), datetime.now(UTC)
    target = file or settings.home / "backups" / f"techref-{now:%Y%m%d-%H%M%S}.tar.gz"
    try:
        with console.status("backing up") as status:
            backups.write(settings, target, now, status.update)
    except backups.BackupFailed as error:
        stop(error)
    done(f"backup: {target} ({target.stat().st_size / 1_000_000:.1f} MB)")
