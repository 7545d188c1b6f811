"""The files of the manual's pages that a department writes itself: TECHREF_HOME/manual, and TECHREF_HOME/tips.md."""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.services.core.errors import Conflict, NotFound
from bot.services.manual import tips
from knowledge_base.pages import Page, PageUnreadable, page_from_markdown, read_manual
from knowledge_base.sources import Library

NO_SUCH = "There is no such page; nothing was changed."
# The address of the form for a new page.
NEW = "new"
# Addresses of the manual's site, and of pages that are made of the settings.
RESERVED = (NEW, tips.SLUG, "what-support-costs", "search", "static")
_SLUG = re.compile(r"[a-z0-9][\w-]{0,79}")


@dataclass(frozen=True)
class Written:
    """The fields of a page as they are edited."""

    title: str
    chapter: str
    order: int
    text: str

    def as_file(self) -> str:
        """Return the page's file: front matter, and the text."""
        lines = [f'title: "{self.title}"', *([f'chapter: "{self.chapter}"'] if self.chapter else [])]
        lines += [f"order: {self.order}"] if self.order else []
        return "\n".join(["---", *lines, "---", "", self.text.strip(), ""])


def written_of(slug: str, text: str) -> Written:
    """Return the fields of a page's file."""
    page = page_from_markdown(slug, text)
    return Written(page.title, page.chapter, page.order, (page.markdown or "").strip())


def own_pages(home: Path) -> dict[str, Page]:
    """Return the published pages by slug. Raises Conflict that names files which cannot be read."""
    folder = home / "manual"
    try:
        return {page.slug: page for page in read_manual(folder)} if folder.is_dir() else {}
    except PageUnreadable as error:
        raise Conflict(str(error)) from error


def published_text(home: Path, slug: str) -> str | None:
    """Return the file of a published page in the form in which the desk writes it; None where there is none."""
    if slug == tips.SLUG:
        return tips.prose_of(home)
    file = file_of(home, slug)
    if not file.exists():
        return None
    text = file.read_text(encoding="utf-8")
    page = page_from_markdown(slug, text, file.parent.name)
    return Written(page.title, page.chapter, page.order, (page.markdown or "").strip()).as_file()


def file_of(home: Path, slug: str) -> Path:
    """Return the page's file, wherever in the folder it lies. Raises NotFound for what is no slug."""
    if slug == tips.SLUG:
        return home / tips.FILE_NAME
    if not _SLUG.fullmatch(slug):
        raise NotFound(NO_SUCH)
    folder = home / "manual"
    return next(folder.rglob(f"{slug}.md"), folder / f"{slug}.md") if folder.is_dir() else folder / f"{slug}.md"


def taken_slugs(home: Path) -> set[str]:
    """Return the slugs that no new page can have."""
    return {*RESERVED, *own_pages(home), *(page.slug for page in Library(home).pages())}


def write_page(file: Path, text: str) -> None:
    """Replace the file of a page atomically."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, delete=False) as new:
        new.write(text)
    Path(new.name).replace(file)
