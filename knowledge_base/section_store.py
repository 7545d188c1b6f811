"""The whole sections of an index version in our notation, from which answers are made."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from bot.triage.text.plain_text import visible
from knowledge_base.pages import Page
from knowledge_base.pieces import section_url
from knowledge_base.section_units import Unit, units_of

_FILE = "sections.json"


@dataclass(frozen=True)
class MarkedSection:
    """One section with its address; ``marked`` is its text in our notation.

    ``sentence`` is the number, among the sentences of all sections, of its first one. ``picture`` is the address of its
    picture, ``picture_text`` what it shows.
    """

    page_slug: str
    page_title: str
    anchor: str
    heading: str
    url: str
    marked: str
    sentence: int
    picture: str = ""
    picture_text: str = ""

    @cached_property
    def units(self) -> list[Unit]:
        """Return the section's units."""
        return units_of(self.marked)

    @property
    def title(self) -> str:
        """Return the page's title with the section's heading."""
        if self.heading and self.heading != self.page_title:
            return f"{self.page_title}: {self.heading}"
        return self.page_title


Sections = dict[str, dict[str, MarkedSection]]
"""The sections of each page by their anchors, in reading order."""


def write_sections(pages: Iterable[Page], version: Path) -> list[str]:
    """Write the sections of these pages to a version; return all their sentences, each below its heading."""
    sections: list[MarkedSection] = []
    sentences: list[str] = []
    for page in pages:
        for section in page.sections:
            marked, heading = visible(section.marked or section.text), visible(section.heading)
            url, title = section_url(page, section.anchor), visible(page.title)
            shown = section.picture, visible(section.picture_text)
            fields = page.slug, title, section.anchor, heading, url, marked, len(sentences)
            sections.append(MarkedSection(*fields, *shown))
            sentences += [f"{heading}\n{words}" for unit in units_of(marked) for words in unit.sentences]
    (version / _FILE).write_text(json.dumps([list(asdict(one).values()) for one in sections]), encoding="utf-8")
    return sentences


def open_sections(version: Path) -> Sections:
    """Read the sections of a version. Raises OSError or ValueError when they are unreadable."""
    found: Sections = {}
    for fields in json.loads((version / _FILE).read_text(encoding="utf-8")):
        section = MarkedSection(*fields)
        found.setdefault(section.page_slug, {})[section.anchor] = section
    return found
