"""Split sections into pieces, the units of the index. A long section is split between lines or sentences.

The embedding of a long text is blurred, and a long section would win by length alone; with pieces of 120 words both
kinds of search did best on the development set (docs/search.md).
"""

import hashlib
import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from bot.triage.text.plain_text import visible
from knowledge_base.pages import Page

LONGEST_PIECE = 120
_LETTERS_PER_WORD = 8
_SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s+(?=\S)|(?<=[。！？])")


@dataclass(frozen=True)
class Piece:
    """A stretch of one section with all fields of a search result."""

    page_slug: str
    page_title: str
    chapter: str
    anchor: str
    heading: str
    text: str
    url: str

    @property
    def embedded(self) -> str:
        """Return the text to embed: headings add meaning that steps alone lack."""
        heading = "" if self.heading == self.page_title else self.heading
        return "\n".join(filter(None, (self.page_title, heading, self.text)))


def split_page(page: Page) -> list[Piece]:
    """Return a page's pieces in reading order. A section without text is represented by its heading."""
    return [
        Piece(
            page.slug,
            _whole(page.title),
            _whole(page.chapter),
            section.anchor,
            _whole(section.heading),
            text,
            section_url(page, section.anchor),
        )
        for section in page.sections
        for text in split_text(_whole(section.text))
    ]


def page_fingerprint(page: Page) -> str:
    """Return a digest that changes when anything that search shows or uses of the page changes."""
    marked = [text for section in page.sections for text in (section.marked, section.picture, section.picture_text)]
    content = json.dumps([*marked, *(asdict(piece) for piece in split_page(page))])
    return hashlib.sha256(content.encode()).hexdigest()


def split_text(text: str) -> list[str]:
    """Split the text into stretches of at most LONGEST_PIECE words; one without any words is kept as it is."""
    stretches: list[list[str]] = [[]]
    count = 0
    for unit in _units(text):
        length = _length(unit)
        if count + length > LONGEST_PIECE and stretches[-1]:
            stretches.append([])
            count = 0
        stretches[-1].append(unit)
        count += length
    return ["\n".join(lines) for lines in stretches]


def _units(text: str) -> Iterator[str]:
    """Yield lines; of a line that is too long its sentences; of such a sentence parts of the allowed length."""
    for line in text.split("\n"):
        if _length(line) <= LONGEST_PIECE:
            yield line
            continue
        for sentence in _SENTENCE_END.split(line):
            words = sentence.split()
            for start in range(0, len(words), LONGEST_PIECE):
                part = " ".join(words[start : start + LONGEST_PIECE])
                yield from textwrap.wrap(part, LONGEST_PIECE * _LETTERS_PER_WORD)


def _length(text: str) -> int:
    """Return the number of words; scripts without spaces are counted by length."""
    return max(len(text.split()), len(text) // _LETTERS_PER_WORD)


def _whole(text: str) -> str:
    """Return the text as one sees it: without soft hyphens, and without lone surrogates, which no file can hold."""
    return visible(text)


def section_url(page: Page, anchor: str) -> str:
    """Return the address of a section."""
    address = page.source_url or f"{page.manual}/{page.slug}"
    if not anchor:
        return address
    return f"{address.partition('#')[0]}#{anchor}"
