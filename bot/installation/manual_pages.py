"""The pages of this installation's manual, the same for index and site."""

import hashlib
from pathlib import Path

from bot.installation.places import ROOT
from bot.services.manual.tips import prose_of, tips_page
from bot.settings.support.support import Support
from knowledge_base.pages import Page, read_manual
from knowledge_base.sources import Library

OUR_MANUAL = ROOT / "knowledge_base" / "manual"


def manual_folder(home: Path) -> Path | None:
    """Return the operator's own pages under TECHREF_HOME; the demo product's, unless a manual was ever imported."""
    own = home / "manual"
    if own.is_dir() and any(own.rglob("*.md")):
        return own
    return None if Library(home).was_used() else OUR_MANUAL


def manual_pages(home: Path, support: Support) -> list[Page]:
    """Return all pages: the operator's own, the imported ones, *Tips for Faster Service* as the last.

    Raises PageUnreadable, naming every bad file, and SourceError.
    """
    folder = manual_folder(home)
    own = read_manual(folder) if folder else []
    return [*own, *Library(home).pages(), tips_page(prose_of(home), support)]


def manual_stamp(home: Path, support: Support) -> str:
    """Return a value that changes with any page, with what *Tips for Faster Service* shows, and with the synonyms."""
    of_settings = "\n".join([tips_page(prose_of(home), support).markdown or "", *support.synonyms])
    return f"{pages_stamp(home)}|{hashlib.sha256(of_settings.encode()).hexdigest()[:16]}"


def pages_stamp(home: Path) -> str:
    """Return a value that changes with any written, imported, restored or removed page; reads each file's date."""
    folder = manual_folder(home)
    dates = [(path.stat().st_mtime_ns, str(path)) for path in folder.rglob("*.md")] if folder else []
    newest = max(dates, default=(0, ""))
    return f"{folder}|{len(dates)}|{newest[0]}|{Library(home).stamp()}"
