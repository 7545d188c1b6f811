"""`techref teams`: the parts of setting up Microsoft Teams that this installation provides."""

from pathlib import Path
from typing import Annotated

import typer

from bot.channels.teams.manifest import package
from bot.commands.reporting import exit_with_error, load_settings_or_exit, print_done
from bot.settings.problems import SettingsError
from bot.settings.support.load import load_support

app = typer.Typer(no_args_is_help=True)


@app.callback()
def teams() -> None:
    """Microsoft Teams; docs/teams.md says what to click there."""


@app.command("manifest")
def write_teams_manifest(
    out: Annotated[Path, typer.Option(help="Where to write the package.")] = Path("techref-teams.zip"),
    version: Annotated[
        str | None, typer.Option(help="Higher than the last one that was uploaded; that of the product if left out.")
    ] = None,
    staff: Annotated[bool, typer.Option("--staff", help="For the own tenant: reads channels unmentioned.")] = False,
) -> None:
    """Write the app package for Teams: a manifest and two icons in a zip file."""
    settings = load_settings_or_exit()
    try:
        data = package(settings, load_support(settings.home), version, staff=staff)
        out.write_bytes(data)
    except SettingsError as error:
        exit_with_error(error)
    except OSError as error:
        exit_with_error(f"{out} cannot be written: {error.strerror}. Nothing was changed.")
    print_done(f"{out} ({len(data):,} bytes): upload it in the Teams admin center under Teams apps > Manage apps")
