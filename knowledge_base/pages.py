"""Read the manual's pages: a folder of Markdown becomes pages, and each page sections with stable anchors.

A file begins with front matter (`title`, `chapter`, `order`, optional `source_url`), its name is the page's slug, and
every heading begins a section. docs/manual-style.md says how pages are written.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.markdown_text import HeadedBlock, headed_blocks

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?\r?\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")


class PageUnreadable(ValueError):
    """Files of a manual cannot be read; the message names each and its fault."""


@dataclass(frozen=True)
class Section:
    """The plain text under one heading; a list item or paragraph is a line.

    The text above a page's first heading is a section with the page's title as heading and no anchor. ``marked`` is the
    same text in our notation, from which answers are made; empty when only the plain text is known. ``picture`` is the
    address of its first picture that says what it shows, ``picture_text`` that text.
    """

    anchor: str
    heading: str
    text: str
    marked: str = ""
    picture: str = ""
    picture_text: str = ""


@dataclass(frozen=True)
class Page:
    """One page of a manual. `source_url` is the original address of an imported page; None for our own.

    Either `markdown` or `html` holds the whole content. HTML is untrusted: sanitise it before display. `manual` is the
    address of the manual that it belongs to.
    """

    slug: str
    title: str
    chapter: str
    sections: tuple[Section, ...]
    source_url: str | None = None
    markdown: str | None = None
    html: str | None = None
    order: int = 0
    manual: str = "/manual"


def read_manual(folder: Path) -> list[Page]:
    """Read all `*.md` pages under a folder in reading order: by `order`, then by path.

    Raises PageUnreadable, naming every bad file, when the folder is absent, a file is not UTF-8, its front matter is
    wrong, or two files have the same name.
    """
    if not folder.is_dir():
        raise PageUnreadable(f"There is no manual at {folder}: the folder does not exist.")
    pages: dict[str, Page] = {}
    faults: list[str] = []
    for path in sorted(folder.rglob("*.md")):
        try:
            page = page_from_markdown(path.stem, path.read_text(encoding="utf-8"), path.parent.name)
        except (OSError, ValueError) as error:
            faults.append(f"{path.relative_to(folder)}: {error}")
            continue
        if page.slug in pages:
            faults.append(f"{path.relative_to(folder)}: another page is also called {page.slug}")
        pages[page.slug] = page
    if faults:
        raise PageUnreadable("These pages of the manual cannot be read; none was indexed:\n" + "\n".join(faults))
    return sorted(pages.values(), key=lambda page: page.order)


def page_from_markdown(slug: str, text: str, chapter: str = "") -> Page:
    """Parse one page of Markdown with optional front matter; `chapter` is the default.

    Raises ValueError for front matter that is not `key: value` lines, or an `order` that is no number.
    """
    fields, body = _front_matter(text)
    title = fields.get("title") or slug.replace("-", " ").replace("_", " ").capitalize()
    order = fields.get("order", "0")
    if not order.lstrip("-").isdigit():
        raise ValueError(f"front matter: order must be a whole number, not {order!r}")
    return Page(
        slug=slug,
        title=title,
        chapter=fields.get("chapter") or chapter,
        sections=tuple(_sections(title, headed_blocks(body))),
        source_url=fields.get("source_url") or None,
        markdown=body,
        order=int(order),
    )


def slugify(heading: str, taken: set[str]) -> str:
    """Return the anchor that GitHub gives a heading: lower case, dashes, `-1`, `-2` … for repetitions.

    Adds the result to `taken`.
    """
    kept = _NOT_IN_ANCHOR.sub("", unicodedata.normalize("NFC", heading).strip().lower())
    base = kept.replace(" ", "-") or "section"
    anchor, number = base, 0
    while anchor in taken:
        number += 1
        anchor = f"{base}-{number}"
    taken.add(anchor)
    return anchor


def _sections(title: str, blocks: Iterable[HeadedBlock]) -> Iterable[Section]:
    taken: set[str] = set()
    for block in blocks:
        anchor = "" if block.heading is None else slugify(block.heading, taken)
        heading = title if block.heading is None else block.heading
        yield Section(anchor, heading, "\n".join(block.plain), "\n".join(block.marked))


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the `key: value` lines between two `---` lines at the top, and the text after them."""
    text = text.removeprefix("\ufeff")
    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, text
    fields: dict[str, str] = {}
    for line in filter(str.strip, match[1].splitlines()):
        key, colon, value = line.partition(":")
        if not colon:
            raise ValueError(f"front matter: {line.strip()[:60]!r} is not of the form `key: value`")
        fields[key.strip()] = value.strip().strip("\"'")
    return fields, text[match.end() :]
