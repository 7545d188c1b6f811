"""Which manual this installation has: index and site show the same pages."""

from pathlib import Path

from bot.installation.places import ROOT
from bot.manual_site.tips import tips_page
from bot.settings import Support
from knowledge_base.pages import Page, read_folder

OUR_MANUAL = ROOT / "knowledge_base" / "manual"
TIPS_PROSE = ROOT / "knowledge_base" / "tips_for_faster_service.md"


def manual_folder(home: Path) -> Path:
    """The operator's own manual under TECHREF_HOME when there is one, else the demo product's."""
    own = home / "manual"
    return own if own.is_dir() and any(own.rglob("*.md")) else OUR_MANUAL


def manual_pages(home: Path, support: Support) -> list[Page]:
    """All pages with *Tips for Faster Service* as the last. Raises PageUnreadable, naming every bad file."""
    return [*read_folder(manual_folder(home)), tips_page(TIPS_PROSE, support)]
