"""The pages of this installation's manual, the same for index and site; each of several products has a manual."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.installation.places import ROOT
from bot.services.manual.manual_place import manual_place, tips_prose
from bot.services.manual.tips import tips_page
from bot.settings.support.demo_product import NAME
from bot.settings.support.support import Support
from knowledge_base.pages import Page, read_manual
from knowledge_base.sources import Library

OUR_MANUAL = ROOT / "knowledge_base" / "manual"
# How the links and pictures of pages begin, in HTML and in Markdown, as they are written for a manual at /manual.
_LINKS = ('href="/manual/', 'src="/manual/', "](/manual/")


def manual_folder(home: Path, support: Support) -> Path | None:
    """Return the operator's own pages under TECHREF_HOME; the demo product's, unless a manual was ever imported.

    ``support`` are the settings of the product. None for no own pages.
    """
    place = manual_place(home, support)
    own = place / "manual"
    if own.is_dir() and any(own.rglob("*.md")):
        return own
    is_demo = not support.products or support.product == NAME  # whoever names products has none of ours by accident
    return OUR_MANUAL if place == home and is_demo and not Library(home).was_used() else None


def manual_pages(home: Path, support: Support) -> list[Page]:
    """Return all pages: the operator's own, the imported ones, *Tips for Faster Service* as the last.

    ``support`` are the settings of the product. Raises PageUnreadable, naming every bad file, and SourceError.
    """
    folder = manual_folder(home, support)
    own = read_manual(folder) if folder else []
    pages = [*own, *Library(manual_place(home, support)).pages(), tips_page(tips_prose(home, support), support)]
    return pages if not support.manual_folder else [_at(page, support.manual_address) for page in pages]


def manuals(support: Support) -> Iterator[Support]:
    """Yield the settings of each manual that is kept: the installation's own first, then those of its products."""
    yield support.for_product(support.main_product)
    yield from (view for view in support.views if view.manual_folder)


def manual_stamp(home: Path, support: Support) -> str:
    """Return a value that changes with any page, with what *Tips for Faster Service* shows, and with the synonyms."""
    of_settings = "\n".join([tips_page(tips_prose(home, support), support).markdown or "", *support.synonyms])
    return f"{pages_stamp(home, support)}|{hashlib.sha256(of_settings.encode()).hexdigest()[:16]}"


def stamp_of_all(home: Path, support: Support) -> str:
    """Return a value that changes with any manual of the installation."""
    return "|".join(manual_stamp(home, one) for one in manuals(support))


def pages_stamp(home: Path, support: Support) -> str:
    """Return a value that changes with any written, imported, restored or removed page; reads each file's date."""
    folder = manual_folder(home, support)
    dates = [(path.stat().st_mtime_ns, str(path)) for path in folder.rglob("*.md")] if folder else []
    newest = max(dates, default=(0, ""))
    return f"{folder}|{len(dates)}|{newest[0]}|{Library(manual_place(home, support)).stamp()}"


def _at(page: Page, address: str) -> Page:
    """Return the page as it is in a manual of another address, its links to other pages of that manual with it."""
    html, markdown = page.html, page.markdown
    for link in _LINKS:
        there = link.replace("/manual", address)
        html = html.replace(link, there) if html is not None else None
        markdown = markdown.replace(link, there) if markdown is not None else None
    sections = tuple(
        replace(one, picture=one.picture.replace("/manual", address, 1)) if one.picture else one
        for one in page.sections
    )
    return replace(page, html=html, markdown=markdown, manual=address, sections=sections)
