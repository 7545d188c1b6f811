"""Make quotes of the boxes that site generators put notes and warnings in, each beginning with what it is.

Sphinx, MkDocs and Docusaurus call the class `admonition`, VitePress `custom-block`, Hugo's themes `alert`, `notices` or
`book-hint`, Confluence `confluence-information-macro`, AsciiDoc `admonitionblock`, DocBook only `note` or `warning`.
"""

import re

import lxml.html
from lxml.html import HtmlElement

from knowledge_base.importers.markup import BLOCKS, words_of
from knowledge_base.safe_html import HEADINGS

# What a box may be, with what the reader sees. A box of several classes is the first of these: Docusaurus' tips are
# also `alert--success`, and all of Confluence's boxes `information-macro`.
KINDS = {
    "danger": "Danger", "warning": "Warning", "caution": "Caution", "important": "Important",
    "attention": "Attention", "deprecated": "Deprecated", "tip": "Tip", "note": "Note", "seealso": "See also",
    "question": "Question", "bug": "Bug", "example": "Example", "abstract": "Summary", "failure": "Failure",
    "error": "Error", "todo": "To do", "info": "Info", "information": "Info", "success": "Success", "hint": "Hint",
}  # fmt: skip
_BOXES = {
    "admonition", "admonitionblock", "alert", "aside", "callout", "custom-block", "hint", "infobox", "message",
    "notice", "notices", "panel",
}  # fmt: skip
_NOTES = {"admonition", "admonitionblock", "callout", "notice", "notices"}
_TAGS = ("div", "aside", "section", "details", "blockquote", "table")
_TITLE = re.compile(r"title|heading|label|summary", re.I)
_PARTS = re.compile(r"[\s_]+|--+")
_QUALIFIED = re.compile(r"^(?:theme|markdown|starlight|confluence|book|td|sd|md|docs?|bs)-")
_SIGNS = ("admonitionIcon", "admonition-icon", "callout-icon", "aui-icon", "icon")


def quote_admonitions(tree: HtmlElement) -> None:
    """Replace each box by a quote, the innermost first."""
    for box in reversed(list(tree.iter(*_TAGS))):
        if box.getparent() is not None and (kind := _kind(box)):
            _quote(box, kind)


def labelled(kind: str, title: str) -> str:
    """Return what a box begins with: `Warning`, or `Warning: Make a backup first` when it has a title of its own."""
    name = KINDS.get(kind, kind.replace("-", " ").capitalize())
    own = title.strip().rstrip(":")
    if not own or own.casefold() in (name.casefold(), kind.casefold(), f"{kind}s".casefold()):
        return name
    return own if own.casefold().startswith(name.casefold()) else f"{name}: {own}"


def _kind(box: HtmlElement) -> str | None:
    """Return what kind of box this is; None for any other element."""
    classes = [one.lower() for one in (box.get("class") or "").split()]
    if not classes or box.get("role") in ("tabpanel", "tablist"):
        return None
    parts = {part for one in classes for part in (one, *_PARTS.split(one), *_QUALIFIED.sub("", one).split("-"))}
    named = next((kind for kind in KINDS if kind in parts), None)
    if any(one in KINDS for one in classes) and box.tag not in ("section", "table"):
        return named
    framed = parts & _BOXES or any("information-macro" in one or "custom-block" in one for one in classes)
    if (
        not framed
        or (box.tag == "table" and "admonitionblock" not in classes)
        or any(one.endswith(("-body", "-content", "-icon")) for one in classes)
    ):
        return None
    return named or ("note" if parts & _NOTES or box.get("role") == "alert" else None)


def _quote(box: HtmlElement, kind: str) -> None:
    title = _title_of(box)
    label = _label(kind, words_of(title) if title is not None else "")
    if title is not None:
        title.drop_tree()
    for sign in list(box.iter("span", "i", "svg", "td", "div")):
        if sign.getparent() is not None and not words_of(sign) and set((sign.get("class") or "").split()) & set(_SIGNS):
            sign.drop_tree()
    frame = box if box.tag == "table" else next((child for child in box if child.tag == "table"), None)
    if frame is not None and "admonitionblock" in (box.get("class") or ""):
        for part in list(frame.iter("table", "tbody", "tr", "td", "th")):
            part.tag = "div"
    box.tag = "blockquote"
    box.attrib.clear()
    _begin_with(box, label, alone=":" in label)


def _label(kind: str, title: str) -> str:
    """Return the label of a box whose title may be the name of a kind by itself."""
    named = next((other for other, name in KINDS.items() if title.casefold() in (other, name.casefold())), None)
    return labelled(named or kind, title)


def _title_of(box: HtmlElement) -> HtmlElement | None:
    """Return the element that names the box: among the first ones in it, by its class."""
    for place, element in enumerate(box.iter("summary", "p", "div", "span", "strong", *HEADINGS)):
        if place > 8:
            return None
        if element is box:
            continue
        named = element.tag in ("summary", *HEADINGS) or _TITLE.search(element.get("class") or "")
        if named and words_of(element) and len(words_of(element)) <= 200:
            return element
    return None


def _begin_with(box: HtmlElement, label: str, *, alone: bool) -> None:
    """Put the label into the first paragraph, or before it when it is a title of its own."""
    strong = lxml.html.Element("strong")
    first = _first_paragraph(box)
    if alone or first is None:
        paragraph = lxml.html.Element("p")
        paragraph.append(strong)
        strong.text = label
        paragraph.tail, box.text = box.text, None
        box.insert(0, paragraph)
        return
    if words_of(first).casefold().startswith(label.casefold()):
        return
    strong.text, strong.tail, first.text = f"{label}:", f" {(first.text or '').lstrip()}", None
    first.insert(0, strong)


def _first_paragraph(box: HtmlElement) -> HtmlElement | None:
    """Return what holds the first words, when that is running text and not a list or code."""
    if (box.text or "").strip():
        return box if not any(child.tag in BLOCKS for child in box) else None
    for child in box:
        if not words_of(child):
            continue
        if child.tag == "p":
            return child
        return _first_paragraph(child) if child.tag in ("div", "section") else None
    return None
