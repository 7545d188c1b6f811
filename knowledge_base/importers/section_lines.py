"""Split a sanitised fragment into the sections that search works with."""

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml.html import HtmlElement

from knowledge_base.importers.document import NotImported
from knowledge_base.importers.list_numbers import item_number, shown_number
from knowledge_base.importers.markup import BLOCKS, parse_html, words_of
from knowledge_base.importers.pictures import stands_alone
from knowledge_base.markdown_text import marked_row
from knowledge_base.pages import Section, slugify
from knowledge_base.safe_html import HEADINGS

_MARKS = {"strong": "**", "b": "**", "em": "_", "i": "_", "code": "`", "kbd": "`", "samp": "`"}
# Bold or code without words.
_EMPTY_MARK = re.compile(r"\*\*\s*\*\*|``")
_INDENT = "   "


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
        words = words_of(element)
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
    if not any(section.text for section in sections):
        raise NotImported("empty: there is no text in it")
    return tuple(sections)


class _Lines:
    """Running text that is broken into lines at the edges of blocks: plain, and in our notation."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._marked: list[str] = []
        self._open: list[str] = []
        self._open_marked: list[str] = []
        # The numbers or bullet of an item whose first line is still to come: as shown, and in our notation.
        self._number, self._bullet = "", ""
        self._items = self._quotes = 0
        self._picture = ("", "")

    @property
    def text(self) -> str:
        self.end()
        return "\n".join(self._done)

    def section(self, anchor: str, heading: str) -> Section:
        """Return what was collected as a section."""
        return Section(anchor, heading, self.text, "\n".join(self._marked), *self._picture)

    def clear(self) -> None:
        self._done, self._marked, self._open, self._open_marked = [], [], [], []
        self._picture = ("", "")

    def picture(self, picture: HtmlElement) -> None:
        """Add a picture's text: within a sentence as words, alone as `Picture: …` unless its caption says it."""
        said, alone = picture.get("alt") or "", stands_alone(picture)
        if alone and said and not self._picture[0]:
            self._picture = (picture.get("src") or "", said)
        if not said or (alone and self._is_caption(said)):
            return
        self.mark("_" if alone else "")
        self.add(f"Picture: {said}" if alone else said)
        self.mark("_" if alone else "")

    def _is_caption(self, said: str) -> bool:
        """Return True when the last line, the caption above a picture, has the same words."""
        return bool(self._done) and self._done[-1] == said

    def add(self, text: str | None) -> None:
        if text:
            self._open.append(text)
            self._open_marked.append(text)

    def mark(self, sign: str) -> None:
        """Add a mark of our notation."""
        self._open_marked.append(sign)

    def begin_item(self, item: HtmlElement) -> None:
        """Begin an item of a list: its number stands before the first line that follows, whatever block holds it."""
        number, shown = item_number(item), shown_number(item)
        self._items += 1
        self._number = f"{shown}. " if shown else ""
        self._bullet = f"{number}. " if number is not None and number >= 0 else "- "

    def end_item(self) -> None:
        self._items -= 1
        self._number = self._bullet = ""

    def quote(self, more: int) -> None:
        """Begin (1) or end (-1) a quote."""
        self._quotes += more

    def end(self) -> None:
        line, marked = (" ".join("".join(parts).split()) for parts in (self._open, self._open_marked))
        self._open, self._open_marked = [], []
        if line:
            self._put(line, _EMPTY_MARK.sub("", marked))

    def whole(self, lines: Iterable[str]) -> None:
        """Add lines of code as they are."""
        self.end()
        kept = [line.rstrip() for line in lines if line.strip()]
        if self._bullet:
            # An item cannot begin with a block of code in our notation, but with a line of it.
            for line in kept:
                self._put(line, f"`{line.strip()}`")
            return
        around = "> " if self._quotes and not self._items else ""
        self._done.extend(kept)
        self._marked += [f"{around}{line}" for line in ("```", *kept, "```")] if kept else []

    def row(self, cells: Sequence[str], *, names_columns: bool) -> None:
        """Add a table row; one that only names the columns is no item of our notation."""
        self.end()
        if any(cells):
            self._done.append(self._number + " | ".join(filter(None, cells)))
            self._number = self._bullet = ""
            self._marked += [] if names_columns else [marked_row(cells)]

    def _put(self, line: str, marked: str) -> None:
        inside = _INDENT * (self._items - 1) + self._bullet if self._bullet else _INDENT * self._items
        # A quote inside an item is lines of the item.
        around = "> " if self._quotes and not (self._items and not self._bullet) else ""
        self._done.append(self._number + line)
        self._marked.append(around + inside + marked)
        self._number = self._bullet = ""


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
        lines.whole(_lines_of_code(element))
        return
    if tag == "tr" and not _is_layout(element):
        heads = element.getnext() is not None or element.getparent().tag == "thead"
        names_columns = heads and all(cell.tag == "th" for cell in element)
        lines.row([words_of(cell) for cell in element], names_columns=names_columns)
        return
    if tag == "img":
        lines.picture(element)
        return
    block = tag in BLOCKS or tag in ("br", "td", "th")
    if block:
        lines.end()
    if tag == "li":
        lines.begin_item(element)
    if tag == "blockquote":
        lines.quote(1)
    yield from _inside(element, lines)
    if block:
        lines.end()
    if tag == "blockquote":
        lines.quote(-1)
    if tag == "li":
        lines.end_item()


def _inside(element: HtmlElement, lines: _Lines) -> Iterator[HtmlElement]:
    sign = _MARKS.get(element.tag, "")
    lines.mark(sign)
    lines.add(element.text)
    for child in element:
        yield from _walk(child, lines)
        lines.add(child.tail)
    lines.mark(sign)


def _is_layout(row: HtmlElement) -> bool:
    """Return True for a row whose cells hold headings, tables or code: it only arranges them beside each other."""
    return any(inner.tag in (*HEADINGS, "table", "pre") for inner in row.iter() if inner is not row)


def _lines_of_code(element: HtmlElement) -> list[str]:
    return "".join(_code(element)).splitlines()


def _code(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == "br":
            yield "\n"
        yield from _code(child)
        yield child.tail or ""
