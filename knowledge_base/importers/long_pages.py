"""Cut a document that is too long for one page, such as a changelog of many years, at its headings."""

from collections.abc import Iterator
from dataclasses import replace

import lxml.html
from lxml.html import HtmlElement

from knowledge_base.importers.document import MOST_CHARACTERS, Document, NotImported, Whole
from knowledge_base.importers.markup import parse_html, safe_fragment, words_of
from knowledge_base.importers.section_lines import sections_of
from knowledge_base.pages import Section
from knowledge_base.safe_html import HEADINGS

# A long document is cut into pages of about this many characters.
CHARACTERS_A_PART = 200_000


def cut_at_headings(document: Document, sections: tuple[Section, ...]) -> list[Whole]:
    """Return the document as it is, or as several when it is too long; all but the first are named by their heading.

    Raises NotImported when there are no headings to cut at.
    """
    characters = sum(len(section.text) for section in sections)
    if characters <= MOST_CHARACTERS:
        return [(document, sections)]
    # The anchors of a page's headings are told apart, so that sections keep those that they have on the whole page.
    anchors = iter([section.anchor for section in sections if section.anchor])
    body = next(parse_html(f"<body>{document.html}</body>").iter("body"))
    for heading in body.iter(*HEADINGS):
        heading.set("id", next(anchors, ""))
    parts = [_part(document, number, blocks) for number, blocks in enumerate(_stretches(body), 1)]
    if any(sum(len(section.text) for section in found) > MOST_CHARACTERS for _, found in parts):
        raise NotImported(
            f"huge: {characters:,} characters of text, more than {MOST_CHARACTERS:,}, without headings to cut it at"
        )
    return parts


def _part(document: Document, number: int, blocks: list[HtmlElement]) -> Whole:
    box = lxml.html.Element("div")
    box.extend(blocks)
    first = next((words_of(heading) for heading in box.iter(*HEADINGS)), "")
    title = document.title if number == 1 or not first else f"{document.title}: {first}"[:200]
    part = document.part if number == 1 else f"{document.part}-{number}".strip("-")
    fragment = safe_fragment(box)
    return replace(document, title=title, html=fragment, part=part), sections_of(title, fragment)


def _stretches(body: HtmlElement) -> Iterator[list[HtmlElement]]:
    """Yield the blocks of each part; a part ends before a heading, when it is long enough."""
    blocks: list[HtmlElement] = []
    characters = 0
    for block in list(body):
        if blocks and characters > CHARACTERS_A_PART and block.tag in HEADINGS:
            yield blocks
            blocks, characters = [], 0
        blocks.append(block)
        characters += len(words_of(block))
    if blocks:
        yield blocks
