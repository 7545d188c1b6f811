"""Prepare the folders that a stack writes to."""

from bot.commands.reporting import exit_with_error
from bot.services.core.private_files import prepare_folder
from bot.settings.env.settings import Settings
from bot.settings.problems import SettingsError


def prepare_folders(settings: Settings) -> None:
    """Close the folders of this stack to other accounts; end the command when one cannot be written."""
    try:
        for folder in (settings.home, settings.local):
            prepare_folder(folder)
    except SettingsError as error:
        exit_with_error(error)
