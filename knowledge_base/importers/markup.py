"""Read foreign markup as an element tree, and sanitise it into HTML with heading ids."""

import re
from collections.abc import Iterator

import lxml.html
from lxml.etree import ParserError
from lxml.html import HtmlElement

from knowledge_base.importers.document import NotImported
from knowledge_base.safe_html import HEADINGS, with_heading_ids

BLOCKS = {
    "address", "article", "blockquote", "body", "caption", "dd", "div", "dl", "dt", "figcaption", "figure", "hr",
    "html", "li", "main", "ol", "p", "section", "table", "tbody", "tfoot", "thead", "ul",
}  # fmt: skip
# Boxes without a meaning of their own: the sanitiser would drop their tags and glue their words together.
_BOXES = (
    "address", "article", "aside", "center", "details", "div", "fieldset", "footer", "header", "hgroup", "main",
    "section", "summary",
)  # fmt: skip
_WITHIN = {*BLOCKS, *HEADINGS, *_BOXES, "br", "pre", "tr", "td", "th"}
_SAFE_ANCHOR = re.compile(r"[\w.:=~-]{1,200}")
# What site generators call the sign beside a heading that links to it.
_PERMALINK = re.compile(
    r"\b(?:headerlink|header-?anchor|hash-?link|heading-(?:anchor|link|self-link)|anchor-?link|permalink|headline-hash)\b"
)
_PERMALINK_TITLE = re.compile(
    r"\W*(?:permalink|permanent link|direct link|link to|copy link|heading self-link)\b", re.I
)
_FOR_SCREEN_READERS = re.compile(r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader-text)(?:\s|$)")


def parse_html(markup: str) -> HtmlElement:
    """Parse a page or fragment into an element tree. Raises NotImported."""
    try:
        # Bytes: lxml refuses text that begins with an XML declaration.
        parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        tree = lxml.html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (ParserError, ValueError):
        raise NotImported("empty: there is no text in it") from None
    return tree


def words_of(element: HtmlElement) -> str:
    """Return the words of an element, pictures by theirs; those of different blocks and lines stay apart."""
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: HtmlElement) -> Iterator[str]:
    apart = element.tag in _WITHIN
    if apart:
        yield " "
    yield (element.get("alt") or "") if element.tag == "img" else element.text or ""
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""
    if apart:
        yield " "


def set_heading_ids(tree: HtmlElement) -> None:
    """Set on each heading the id by which its place can be linked to, and remove all permalink signs."""
    for heading in tree.iter(*HEADINGS):
        found = [
            heading.get("id"),
            *_permalinks(heading),
            _id_around(heading),
            *_ids_inside(heading),
            _id_before(heading),
        ]
        for element in list(heading.iter("a", "span", "button", "svg")):
            if element.getparent() is not None and _is_permalink(element, heading):
                element.drop_tree()
        for line_break in list(heading.iter("br")):
            line_break.tail = f" {line_break.tail or ''}"
            line_break.drop_tag()
        anchor = next((one for one in found if one and _SAFE_ANCHOR.fullmatch(one)), None)
        heading.attrib.pop("id", None)
        if anchor:
            heading.set("id", anchor)
    for link in list(tree.iter("a")):
        if link.getparent() is not None and _leads_here(link) and not _says_anything(link) and not _holds_picture(link):
            link.drop_tree()


def _is_permalink(element: HtmlElement, heading: HtmlElement) -> bool:
    """Return True for what stands in a heading only to link to it, or is only read out."""
    signs = f"{element.get('class') or ''}"
    if element.tag != "a":
        alone = bool(_FOR_SCREEN_READERS.search(signs)) or element.tag in ("button", "svg")
    elif _leads_here(element) and not _says_anything(element):
        return not _holds_picture(element)
    else:
        title = f"{element.get('title') or element.get('aria-label') or ''}"
        alone = bool(_PERMALINK.search(signs) or _PERMALINK_TITLE.match(title))
    # A link around all words of the heading is no sign beside them.
    return alone and words_of(heading) != words_of(element)


def _leads_here(link: HtmlElement) -> bool:
    """Return True for a link to a place in a page, or to nowhere."""
    href = link.get("href")
    return href is None or "#" in href


def _says_anything(element: HtmlElement) -> bool:
    return any(character.isalnum() for character in "".join(element.itertext()))


def _holds_picture(element: HtmlElement) -> bool:
    return any(picture.get("alt") for picture in element.iter("img"))


def _permalinks(heading: HtmlElement) -> Iterator[str]:
    for link in heading.iter("a"):
        if (link.get("href") or "").startswith("#") and _is_permalink(link, heading):
            yield link.get("href")[1:]


def _ids_inside(heading: HtmlElement) -> Iterator[str]:
    for link in heading.iter("a", "span"):
        yield from filter(None, (link.get("id"), link.get("name")))
        if (link.get("href") or "").startswith("#"):
            yield link.get("href")[1:]


def _id_around(heading: HtmlElement) -> str | None:
    """Return the id of the section that the heading begins."""
    around = heading.getparent()
    begins = around is not None and next(_content_of(around), None) is heading and not (around.text or "").strip()
    return around.get("id") if begins and around.tag in ("section", "div", "article") else None


def _content_of(element: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the children, without the empty targets of links that Sphinx puts before a heading."""
    for child in element:
        if child.tag != "span" or words_of(child):
            yield child


def _id_before(heading: HtmlElement) -> str | None:
    """Return the id or name of the empty target that stands right before the heading."""
    before = heading.getprevious()
    if before is None or before.tag not in ("a", "span") or words_of(before) or (before.tail or "").strip():
        return None
    named: str | None = before.get("id") or before.get("name")
    return named


def safe_fragment(tree: HtmlElement) -> str:
    """Return the element's content as sanitised HTML, in which nothing but paragraphs, lists and the like is a box."""
    _open_boxes(tree)
    return with_heading_ids(lxml.html.tostring(tree, encoding="unicode"))


def _open_boxes(tree: HtmlElement) -> None:
    """Make paragraphs of the boxes that hold running text, and of the running text beside blocks in others."""
    for box in reversed(list(tree.iter(*_BOXES))):
        if any(child.tag in _WITHIN and child.tag != "br" for child in box):
            _wrap_running_text(box)
            if box is not tree and box.getparent() is not None:
                box.drop_tag()
        elif box is not tree:
            box.tag = "p" if words_of(box) else "span"


def _wrap_running_text(box: HtmlElement) -> None:
    paragraph: HtmlElement | None = None
    text, box.text = box.text, None
    if text and text.strip():
        paragraph = lxml.html.Element("p")
        paragraph.text = text
        box.insert(0, paragraph)
    for child in list(box):
        if child is paragraph:
            continue
        tail, child.tail = child.tail, None
        if child.tag in _WITHIN and child.tag != "br":
            paragraph = None
        elif paragraph is not None or words_of(child):
            if paragraph is None:
                paragraph = lxml.html.Element("p")
                child.addprevious(paragraph)
            paragraph.append(child)
        if tail and tail.strip():
            if paragraph is None:
                paragraph = lxml.html.Element("p")
                child.addnext(paragraph)
                paragraph.text = tail
            elif len(paragraph):
                paragraph[-1].tail = (paragraph[-1].tail or "") + tail
            else:
                paragraph.text = (paragraph.text or "") + tail
        elif paragraph is not None and tail and len(paragraph):
            paragraph[-1].tail = (paragraph[-1].tail or "") + tail
