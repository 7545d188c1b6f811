"""Sanitise foreign markup into HTML with heading ids, and split it into the sections that search works with."""

import re
from collections.abc import Iterable, Iterator, Sequence

import lxml.html
from lxml.etree import ParserError
from lxml.html import HtmlElement

from knowledge_base.importers.document import MOST_CHARACTERS, NotImported
from knowledge_base.markdown_text import marked_row
from knowledge_base.pages import Section, slugify
from knowledge_base.safe_html import HEADINGS, with_heading_ids

_BLOCKS = {
    "address", "article", "blockquote", "body", "caption", "dd", "div", "dl", "dt", "figcaption", "figure", "hr",
    "html", "li", "main", "ol", "p", "section", "table", "tbody", "tfoot", "thead", "ul",
}  # fmt: skip
_SAFE_ANCHOR = re.compile(r"[\w.:=~-]{1,200}")
_MARKS = {"strong": "**", "b": "**", "em": "_", "i": "_", "code": "`", "kbd": "`", "samp": "`"}
# Bold or code without words.
_EMPTY_MARK = re.compile(r"\*\*\s*\*\*|``")
_LINK_SIGNS = {"¶", "#", "§", "🔗", ""}


def parse_html(markup: str) -> HtmlElement:
    """Parse a page or fragment into an element tree. Raises NotImported."""
    try:
        # Bytes: lxml refuses text that begins with an XML declaration.
        parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        tree = lxml.html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (ParserError, ValueError):
        raise NotImported("empty: there is no text in it") from None
    return tree


def set_heading_ids(tree: HtmlElement) -> None:
    """Set on each heading the id by which its place can be linked to, and remove all permalink signs."""
    for heading in tree.iter(*HEADINGS):
        found = [heading.get("id"), *_ids_inside(heading), _id_around(heading)]
        for link in list(heading.iter("a")):
            if "".join(link.itertext()).strip() in _LINK_SIGNS:
                link.drop_tree()
        anchor = next((one for one in found if one and _SAFE_ANCHOR.fullmatch(one)), None)
        heading.attrib.pop("id", None)
        if anchor:
            heading.set("id", anchor)
    for link in list(tree.iter("a")):
        if "".join(link.itertext()).strip() in ("¶", "#") and link.getparent() is not None:
            link.drop_tree()


def _ids_inside(heading: HtmlElement) -> Iterator[str]:
    for link in heading.iter("a", "span"):
        yield from filter(None, (link.get("id"), link.get("name")))
        if (link.get("href") or "").startswith("#"):
            yield link.get("href")[1:]


def _id_around(heading: HtmlElement) -> str | None:
    """Return the id of the section that the heading begins."""
    around = heading.getparent()
    begins = around is not None and next(iter(around), None) is heading and not (around.text or "").strip()
    return around.get("id") if begins and around.tag in ("section", "div", "article") else None


def safe_fragment(tree: HtmlElement) -> str:
    """Return the element's content as sanitised HTML."""
    return with_heading_ids(lxml.html.tostring(tree, encoding="unicode"))


def sections_of(title: str, fragment: str) -> tuple[Section, ...]:
    """Return the sections of a sanitised fragment, one line per paragraph, list item or table row.

    Raises NotImported when it is empty.
    """
    taken: set[str] = set()
    sections: list[Section] = []
    anchor, heading, lines = "", title, _Lines()
    for element in _walk(parse_html(f"<body>{fragment}</body>"), lines):
        if lines.text or heading != title:
            sections.append(lines.section(anchor, heading))
        words = " ".join(element.text_content().split())
        given = element.get("id")
        if given and given not in taken:
            taken.add(given)
            anchor = given
        else:
            anchor = slugify(words, taken)
        heading = words or title
        lines.clear()
    if lines.text or heading != title:
        sections.append(lines.section(anchor, heading))
    _check_size(sections)
    return tuple(sections)


def _check_size(sections: Iterable[Section]) -> None:
    characters = sum(len(section.text) for section in sections)
    if not characters:
        raise NotImported("empty: there is no text in it")
    if characters > MOST_CHARACTERS:
        raise NotImported(f"huge: {characters:,} characters of text, more than {MOST_CHARACTERS:,}; split it")


class _Lines:
    """Running text that is broken into lines at the edges of blocks: plain, and in our notation."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._marked: list[str] = []
        self._open: list[str] = []
        self._open_marked: list[str] = []
        self._begins = ""

    @property
    def text(self) -> str:
        self.end()
        return "\n".join(self._done)

    def section(self, anchor: str, heading: str) -> Section:
        """Return what was collected as a section."""
        return Section(anchor, heading, self.text, "\n".join(self._marked))

    def clear(self) -> None:
        self._done, self._marked, self._open, self._open_marked, self._begins = [], [], [], [], ""

    def add(self, text: str | None) -> None:
        if text:
            self._open.append(text)
            self._open_marked.append(text)

    def mark(self, sign: str) -> None:
        """Add a mark of our notation."""
        self._open_marked.append(sign)

    def begin_item(self, number: str, depth: int) -> None:
        """Begin an item of a list; ``depth`` counts the items around it."""
        self._open.append(number)
        self._begins = "   " * depth + (number or "- ")

    def end(self) -> None:
        line, marked = (" ".join("".join(parts).split()) for parts in (self._open, self._open_marked))
        self._open, self._open_marked = [], []
        if line and not line.rstrip(".").isdigit():
            self._done.append(line)
            self._marked.append(self._begins + _EMPTY_MARK.sub("", marked))
            self._begins = ""

    def whole(self, lines: Iterable[str]) -> None:
        self.end()
        kept = [line.rstrip() for line in lines if line.strip()]
        self._done.extend(kept)
        self._marked += ["```", *kept, "```"] if kept else []

    def row(self, cells: Sequence[str]) -> None:
        """Add a table row."""
        self.end()
        if any(cells):
            self._done.append(" | ".join(filter(None, cells)))
            self._marked.append(marked_row(cells))


def _walk(element: HtmlElement, lines: _Lines) -> Iterator[HtmlElement]:
    """Add the text below an element to ``lines``; yield at each heading."""
    tag = element.tag
    if not isinstance(tag, str):
        return
    if tag in HEADINGS:
        lines.end()
        yield element
        return
    if tag == "pre":
        lines.whole(element.text_content().splitlines())
        return
    if tag == "tr":
        lines.row([" ".join(cell.text_content().split()) for cell in element])
        return
    block = tag in _BLOCKS or tag == "br"
    if block:
        lines.end()
    if tag == "li":
        lines.begin_item(_number(element), sum(1 for _ in element.iterancestors("li")))
    sign = _MARKS.get(tag, "")
    lines.mark(sign)
    lines.add(element.text)
    for child in element:
        yield from _walk(child, lines)
        lines.add(child.tail)
    lines.mark(sign)
    if block:
        lines.end()


def _number(item: HtmlElement) -> str:
    """Return ``3. `` for the third step of a numbered list."""
    around = item.getparent()
    if around is None or around.tag != "ol":
        return ""
    start = around.get("start") or "1"
    first = int(start) if start.isdigit() and len(start) < 6 else 1
    return f"{first + sum(1 for other in item.itersiblings('li', preceding=True))}. "
