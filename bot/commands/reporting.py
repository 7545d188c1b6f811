"""Print results and errors of a command at the terminal."""

import os
from typing import NoReturn

import typer
from rich.console import Console

from bot.settings.env.settings import Settings, load_settings
from bot.settings.problems import SettingsError

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def exit_with_error(message: object) -> NoReturn:
    """End the command with status 1 and this message, in which square brackets are no markup."""
    errors.print(str(message), style="red", markup=False)
    raise typer.Exit(1)


def print_done(message: str) -> None:
    console.print(f"✓ {message}", markup=False)


def load_settings_or_exit() -> Settings:
    """Load the settings of the environment; end the command with the correction when one is wrong."""
    try:
        return load_settings(os.environ)
    except SettingsError as error:
        exit_with_error(error)
