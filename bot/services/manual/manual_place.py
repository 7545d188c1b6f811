"""Where a manual is kept: in TECHREF_HOME, or for one of several products in a folder of its own below it."""

from pathlib import Path

from bot.services.manual.tips import FILE_NAME, prose_of
from bot.settings.support.support import Support


def manual_place(home: Path, support: Support) -> Path:
    """Return the folder of the manual of these settings' product; it is laid out as TECHREF_HOME is for one manual."""
    return home / support.manual_folder if support.manual_folder else home


def tips_prose(home: Path, support: Support) -> str:
    """Return the text of *Tips for Faster Service*: the product's own, else that of the whole installation."""
    place = manual_place(home, support)
    return prose_of(place if (place / FILE_NAME).exists() else home)
