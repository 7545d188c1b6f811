"""A vendor of two products with a small manual each: its settings, and a home that holds them."""

import shutil
from pathlib import Path

from bot.settings.support.load import checked, parsed
from bot.settings.support.support import Support

FOLDER = Path(__file__).parent / "two_products"
LEDGER, STOCKROOM = "ledger", "stockroom"


def two_products() -> Support:
    """The settings of the vendor."""
    return checked(parsed((FOLDER / "support.yml").read_text(encoding="utf-8"), "support.yml"), "support.yml")


def furnish(home: Path) -> None:
    """Put the vendor's settings and both manuals into a home."""
    shutil.copyfile(FOLDER / "support.yml", home / "support.yml")
    shutil.copytree(FOLDER / LEDGER, home / "manual")
    shutil.copytree(FOLDER / STOCKROOM, home / "products" / STOCKROOM / "manual")
