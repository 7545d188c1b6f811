"""Import a PDF: its text by the chapters of its outline, or in stretches of pages when it has none.

A section's anchor is ``page=12``, an open parameter that browsers follow:
https://www.rfc-editor.org/rfc/rfc8118#section-3
"""

import html
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError, PyPdfError

from knowledge_base.importers.document import Document, NotImported

MOST_PAGES = 2_000
PAGES_A_DOCUMENT = 10
# What programs write into the title: nothing, a placeholder, or the name of the file that was printed.
_NO_TITLE = re.compile(
    r"\W*(?:untitled|anonymous|no title|title|unknown|none|(?:microsoft (?:word|powerpoint|excel) - .*)|document\d*|"
    r"slide \d+|print|stdin|\S*[\\/]\S*|"
    r"[^\s]+\.(?:docx?|odt|rtf|pdf|indd|tex|dvi|ps|md|html?|xlsx?|pptx?|fm|qxd|txt|ms|mom))\W*",
    re.IGNORECASE,
)
_HYPHENATED = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_A-Z])")
_SET = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in (*range(0xFB00, 0xFB07), 0xA0, 0xAD, 0x2011)}
_SET["\xad"] = ""
_PAGE_NUMBER = re.compile(r"\s*(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\s*", re.IGNORECASE)


@dataclass
class _Part:
    """A chapter or a stretch of pages: (heading, number of the page it begins on, text) for each section."""

    title: str
    sections: list[tuple[str, int, str]] = field(default_factory=list)


def read(content: bytes, name: str, charset: str | None = None) -> list[Document]:
    """Return a document for each chapter. Raises NotImported."""
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise NotImported("encrypted: it asks for a password; save it without one")
        if len(reader.pages) > MOST_PAGES:
            raise NotImported(f"huge: {len(reader.pages):,} pages, more than {MOST_PAGES:,}; split it")
        pages = [_text(page.extract_text() or "") for page in reader.pages]
        outline = list(_outline(reader, reader.outline, 0))
        title = _meant_title(str((reader.metadata.title if reader.metadata else None) or ""))
    except NotImported:
        raise
    except FileNotDecryptedError:
        raise NotImported("encrypted: it asks for a password; save it without one") from None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, RecursionError) as error:
        raise NotImported(f"broken: it cannot be read as PDF ({type(error).__name__})") from None
    if not any(pages):
        raise NotImported("empty: there is no text in it; a scan has to go through text recognition first")
    parts = _by_outline(pages, outline) or _by_pages(pages, title)
    if len(parts) == 1:
        return [Document(title or parts[0].title, _html(parts[0]))]
    return [Document(_joined(title, part.title), _html(part), part=str(number)) for number, part in enumerate(parts, 1)]


def _joined(title: str, part: str) -> str:
    return f"{title}: {part}" if title and title.casefold() not in part.casefold() else part


def _meant_title(title: str) -> str:
    """Return the title; empty for what a program wrote for want of one."""
    named = " ".join(unicodedata.normalize("NFKC", title).split())
    return "" if _NO_TITLE.fullmatch(named) else named


def _text(extracted: str) -> str:
    # Ligatures and wide forms are how a letter was set, not another letter.
    plain = "".join(_SET.get(character, character) for character in extracted)
    lines = [line.strip() for line in _HYPHENATED.sub("", plain).splitlines()]
    return "\n".join(line for line in lines if line and not _PAGE_NUMBER.fullmatch(line))


def _outline(reader: PdfReader, entries: Any, depth: int) -> Iterator[tuple[int, str, int]]:
    """Yield (depth, title, page from 0) of each bookmark that leads to a page."""
    for entry in entries:
        if isinstance(entry, list):
            if depth < 5:
                yield from _outline(reader, entry, depth + 1)
            continue
        page = reader.get_destination_page_number(entry)
        words = " ".join(str(entry.title or "").split())
        if page is not None and page >= 0 and words:
            yield depth, words, page


def _by_outline(pages: list[str], outline: list[tuple[int, str, int]]) -> list[_Part]:
    """Return chapters with their sections; none when the outline does not divide the text."""
    ordered = sorted(outline, key=lambda entry: entry[2])
    tops = [entry for entry in ordered if entry[0] == 0]
    if len(tops) < 2:
        return []
    parts = [_Part(title) for _, title, _ in tops]
    starts = [page for _, _, page in tops]
    for number, part in enumerate(parts):
        first = 0 if number == 0 else starts[number]
        end = starts[number + 1] if number + 1 < len(parts) else len(pages)
        inside = [(words, page) for depth, words, page in ordered if depth > 0 and first <= page < end]
        part.sections = _sections(pages, part.title, first, max(end, first + 1), inside)
    return [part for part in parts if any(text for _, _, text in part.sections)]


def _sections(
    pages: list[str], title: str, first: int, end: int, inside: list[tuple[str, int]]
) -> list[tuple[str, int, str]]:
    """Return whole pages under the heading that begins on them: a bookmark's place on the page is not reliable."""
    headings = {page: words for words, page in reversed(inside)}
    sections: list[tuple[str, int, str]] = []
    for page in range(first, min(end, len(pages))):
        if page in headings or not sections:
            sections.append((headings.get(page, title), page, pages[page]))
        else:
            heading, began, text = sections[-1]
            sections[-1] = (heading, began, f"{text}\n{pages[page]}")
    return sections


def _by_pages(pages: list[str], title: str) -> list[_Part]:
    parts = []
    for first in range(0, len(pages), PAGES_A_DOCUMENT):
        last = min(first + PAGES_A_DOCUMENT, len(pages))
        name = f"Pages {first + 1} to {last}" if last - first > 1 else f"Page {last}"
        sections = [(f"Page {page + 1}", page, pages[page]) for page in range(first, last) if pages[page]]
        if sections:
            parts.append(_Part(name, sections))
    if len(parts) == 1:
        parts[0].title = title
    return parts


def _html(part: _Part) -> str:
    blocks = []
    for heading, page, text in part.sections:
        blocks.append(f'<h2 id="page={page + 1}">{html.escape(heading)}</h2>')
        blocks += [f"<p>{html.escape(line)}</p>" for line in text.splitlines()]
    return "\n".join(blocks)
