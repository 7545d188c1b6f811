"""`techref export`: export everything in open formats, for a migration to another product or for statistics."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from bot.commands.progress import progress_callback
from bot.commands.reporting import console, exit_with_error, print_done
from bot.commands.running import run_use_case
from bot.data_export import export as leaving

app = typer.Typer()


@app.command()
def export(target: Annotated[Path, typer.Argument(help="a new folder, or a new file.zip")]) -> None:
    """Export all data while the product runs: issues as pages, JSON lines, files, manual, settings.

    No passwords, keys or codes. It holds customers' words: keep it safe.
    """
    target = target.absolute()
    try:
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
            written = run_use_case(lambda ctx: leaving.export(ctx, target, progress_callback(bars)))
    except leaving.ExportFailed as error:
        exit_with_error(error)
    print_done(f"{target}: " + ", ".join(f"{number:,} {what}" for what, number in written.items()))
