"""`techref settings`: list every key with its value, its source and its meaning."""

import os
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.commands.reporting import console, exit_with_error
from bot.settings.env.settings import list_settings
from bot.settings.problems import SettingsError

app = typer.Typer()


@app.command()
def settings(
    plain: Annotated[bool, typer.Option(help="One line each: KEY<tab>value<tab>source.")] = False,
) -> None:
    """List every setting with its value, its source and its meaning. Secrets are masked."""
    try:
        lines = list_settings(os.environ)
    except SettingsError as error:
        exit_with_error(error)
    if plain:
        for line in lines:
            print(line.key, line.value, line.source, sep="\t")
        return
    table = Table(show_lines=False, expand=True)
    table.add_column("Setting", no_wrap=True)
    table.add_column("Value", overflow="fold", ratio=2)
    table.add_column("From", overflow="fold", ratio=1)
    table.add_column("Meaning", overflow="fold", ratio=4)
    for line in lines:
        table.add_row(line.key, Text(line.value or "–"), Text(line.source), Text(line.meaning))
    console.print(table)
