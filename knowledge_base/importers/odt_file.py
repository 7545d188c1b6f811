"""Import a text document of LibreOffice and others (ODT): headings, lists, tables and code by their styles.

Elements are those of OpenDocument: https://docs.oasis-open.org/office/OpenDocument/v1.3/
"""

import html
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from knowledge_base.importers.admonitions import KINDS
from knowledge_base.importers.document import Document, NotImported
from knowledge_base.importers.markup import parse_html, safe_fragment, words_of
from knowledge_base.importers.packed import refuse_bombs
from knowledge_base.importers.plain_markup import make_plain

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_TEXT, _STYLE, _TABLE, _DRAW, _FO, _SVG = (
    f"{{{_OFFICE.format(name)}}}"
    for name in ("text", "style", "table", "drawing", "xsl-fo-compatible", "svg-compatible")
)
_BODY = f"{{{_OFFICE.format('office')}}}text"
_LINK = "{http://www.w3.org/1999/xlink}href"
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
# What no reader of the page sees: comments, deleted text, contents and indexes that the program makes.
_UNSEEN = {
    f"{_TEXT}{name}"
    for name in (
        "tracked-changes", "table-of-content", "alphabetical-index", "illustration-index", "table-index", "hidden-text",
        "hidden-paragraph", "variable-decls", "sequence-decls", "user-field-decls", "bibliography",
    )
} | {f"{{{_OFFICE.format('office')}}}annotation", f"{{{_OFFICE.format('office')}}}forms"}  # fmt: skip
_CODE_STYLES = ("preformatted", "source", "code", "listing")


@dataclass
class _Styles:
    """The styles of a document by name: the one each is based on, and what the sanitised page needs of it."""

    parents: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    bold: set[str] = field(default_factory=set)
    numbered: dict[tuple[str, int], str] = field(default_factory=dict)

    def chain(self, name: str) -> Iterator[str]:
        """Yield the names, as people see them, of a style and those that it is based on."""
        seen: set[str] = set()
        while name and name not in seen:
            seen.add(name)
            yield self.shown.get(name, name).replace("_20_", " ").casefold()
            name = self.parents.get(name, "")

    def hides(self, name: str) -> bool:
        seen: set[str] = set()
        while name and name not in seen:
            if name in self.hidden:
                return True
            seen.add(name)
            name = self.parents.get(name, "")
        return False


def read(content: bytes, name: str, charset: str | None = None) -> list[Document]:
    """Return the document as one page. Raises NotImported."""
    refuse_bombs(content, "ODT")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if b"encryption-data" in packed.read("META-INF/manifest.xml"):
                raise NotImported("encrypted: save it without a password")
            roots = [_parse(packed.read(part)) for part in ("styles.xml", "content.xml") if part in packed.namelist()]
    except (KeyError, etree.XMLSyntaxError, zipfile.BadZipFile) as error:
        raise NotImported(f"broken: it cannot be read as ODT ({type(error).__name__})") from None
    body = next(roots[-1].iter(_BODY), None) if roots else None
    if body is None:
        raise NotImported("broken: it cannot be read as ODT (there is no text in it)")
    writer = _Writer(_read_styles(roots))
    tree = parse_html(f"<body>{writer.blocks(body)}</body>")
    _join_code(tree)
    make_plain(tree)
    headings = list(tree.iter("h1"))
    title = writer.title or (words_of(headings[0]) if headings else "")
    if not writer.title and len(headings) == 1:
        headings[0].drop_tree()
    return [Document(title, safe_fragment(tree))]


def _join_code(tree: HtmlElement) -> None:
    """Make one block of the lines of code that are paragraphs of their own."""
    for block in list(tree.iter("pre")):
        before = block.getprevious()
        if before is not None and before.tag == "pre" and not (before.tail or "").strip():
            last = before[-1] if len(before) else None
            if last is not None:
                last.tail = f"{last.tail or ''}\n{block.text or ''}"
            else:
                before.text = f"{before.text or ''}\n{block.text or ''}"
            before.extend(list(block))
            block.getparent().remove(block)


def _parse(raw: bytes) -> etree._Element:
    return etree.fromstring(
        raw, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    )


def _read_styles(roots: list[etree._Element]) -> _Styles:
    styles = _Styles()
    for root in roots:
        for style in root.iter(f"{_STYLE}style"):
            name = style.get(f"{_STYLE}name", "")
            styles.parents[name] = style.get(f"{_STYLE}parent-style-name", "")
            styles.shown[name] = style.get(f"{_STYLE}display-name", name)
            for properties in style.iter(f"{_STYLE}text-properties"):
                if properties.get(f"{_TEXT}display") == "none":
                    styles.hidden.add(name)
                if properties.get(f"{_FO}font-weight") == "bold":
                    styles.bold.add(name)
        for listed in root.iter(f"{_TEXT}list-style"):
            for level in listed.iter(f"{_TEXT}list-level-style-number"):
                key = listed.get(f"{_STYLE}name", ""), int(level.get(f"{_TEXT}level", "1"))
                styles.numbered[key] = level.get(f"{_STYLE}num-format", "")
    return styles


class _Writer:
    """One document while it is written as HTML; ``title`` is the text of the style Title."""

    def __init__(self, styles: _Styles) -> None:
        self.title = ""
        self._styles = styles
        # The last number of each list, by its id and by its style, for lists that go on.
        self._counted: dict[str, int] = {}
        self._list_styles: list[str] = []

    def blocks(self, around: etree._Element) -> str:
        """Return the HTML of what lies in an element."""
        return "".join(self._block(child) for child in around if isinstance(child.tag, str))

    def _block(self, element: etree._Element) -> str:
        tag = element.tag
        if tag in _UNSEEN or element.get(f"{_TEXT}display") == "none":
            return ""
        if tag in (f"{_TEXT}h", f"{_TEXT}p"):
            return self._paragraph(element)
        if tag == f"{_TEXT}list":
            return self._list(element)
        if tag == f"{_TABLE}table":
            return f"<table>{''.join(map(self._row, element.iter(f'{_TABLE}table-row')))}</table>"
        return self.blocks(element)

    def _paragraph(self, element: etree._Element) -> str:
        style = element.get(f"{_TEXT}style-name", "")
        if self._styles.hides(style):
            return ""
        inner, names = self._inline(element), list(self._styles.chain(style))
        if element.tag == f"{_TEXT}h":
            level = min(6, max(1, int(element.get(f"{_TEXT}outline-level", "1"))))
            return f"<h{level}>{inner}</h{level}>"
        if "title" in names and not self.title:
            self.title = words_of(parse_html(f"<p>{inner or ' '}</p>"))
            return ""
        if kind := next((name for name in names if name in KINDS), None):
            return f'<div class="admonition {kind}"><p>{inner}</p></div>'
        if any(name.startswith(_CODE_STYLES) for name in names):
            return f"<pre>{inner}</pre>"
        return f"<p>{inner}</p>"

    def _list(self, element: etree._Element) -> str:
        style = element.get(f"{_TEXT}style-name") or (self._list_styles[-1] if self._list_styles else "")
        level = len(self._list_styles) + 1
        number_format = self._styles.numbered.get((style, level))
        goes_on = element.get(f"{_TEXT}continue-list") or (
            style if element.get(f"{_TEXT}continue-numbering") == "true" else ""
        )
        number = self._counted.get(f"{goes_on}/{level}", 0) if goes_on else 0
        start = number + 1
        self._list_styles.append(style)
        items = []
        for item in element:
            if item.tag == f"{_TEXT}list-header":
                items.append(f"<p>{self.blocks(item)}</p>")
            elif item.tag == f"{_TEXT}list-item":
                own = item.get(f"{_TEXT}start-value")
                number = int(own) if own and own.isdigit() else number + 1
                items.append(
                    f'<li value="{number}">{self.blocks(item)}</li>' if own else f"<li>{self.blocks(item)}</li>"
                )
        self._list_styles.pop()
        for key in (style, element.get(_XML_ID, "")):
            self._counted[f"{key}/{level}"] = number
        if number_format is None:
            return f"<ul>{''.join(items)}</ul>"
        kind = f' type="{number_format}"' if number_format in ("a", "A", "i", "I") else ""
        return f'<ol start="{start}"{kind}>{"".join(items)}</ol>'

    def _row(self, row: etree._Element) -> str:
        cells = "".join(f"<td>{self.blocks(cell)}</td>" for cell in row if cell.tag == f"{_TABLE}table-cell")
        return f"<tr>{cells}</tr>"

    def _inline(self, element: etree._Element) -> str:
        parts = [html.escape(element.text or "")]
        for child in element:
            parts.append(self._inner(child) if isinstance(child.tag, str) else "")
            parts.append(html.escape(child.tail or ""))
        return "".join(parts)

    def _inner(self, child: etree._Element) -> str:
        tag = child.tag
        if tag in _UNSEEN:
            return ""
        if tag == f"{_TEXT}s":
            return " " * min(80, int(child.get(f"{_TEXT}c", "1")))
        if tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            return "<br>" if tag.endswith("line-break") else "\t"
        if tag == f"{_TEXT}a":
            return f'<a href="{html.escape(child.get(_LINK, ""))}">{self._inline(child)}</a>'
        if tag in (f"{_TEXT}bookmark", f"{_TEXT}bookmark-start"):
            return f'<a id="{html.escape(child.get(f"{_TEXT}name", ""))}"></a>'
        if tag == f"{_TEXT}note":
            return f" ({' '.join(' '.join(body.itertext()) for body in child.iter(f'{_TEXT}note-body')).strip()})"
        if tag == f"{_DRAW}frame":
            return self._frame(child)
        if tag == f"{_TEXT}span":
            return self._span(child)
        return self._inline(child)

    def _span(self, span: etree._Element) -> str:
        style = span.get(f"{_TEXT}style-name", "")
        inner = self._inline(span)
        if self._styles.hides(style) or not inner:
            return ""
        names = list(self._styles.chain(style))
        if any(name.startswith(_CODE_STYLES) for name in names):
            return f"<code>{inner}</code>"
        bold = style in self._styles.bold or "strong emphasis" in names
        return f"<strong>{inner}</strong>" if bold else inner

    def _frame(self, frame: etree._Element) -> str:
        """Return a picture by its text, or what stands in a text box."""
        said = next((one.text for name in ("desc", "title") for one in frame.iter(f"{_SVG}{name}") if one.text), "")
        boxes = "".join(self.blocks(box) for box in frame.iter(f"{_DRAW}text-box"))
        return boxes or f'<img src="" alt="{html.escape(said or "")}">'
