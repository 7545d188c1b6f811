"""Reduce the conventions of DocBook's stylesheets: menus that are tables, boxes that are tables, numbered headings."""

import re

from lxml.html import HtmlElement

from knowledge_base.importers.markup import words_of
from knowledge_base.safe_html import HEADINGS

_MENUS = "//div[@class='navheader' or @class='navfooter' or @class='toc']"
_BOXES = ("note", "tip", "warning", "caution", "important")
_NUMBER = re.compile(
    r"^\s*(?:(?:Chapter|Appendix|Part|Section)\s+)?(?:\d{1,3}(?:\.\d{1,3})*|[A-Z](?:\.\d{1,3})+|[IVX]{1,5})\.[\s\u00a0]+"
)


def make_docbook_plain(tree: HtmlElement) -> None:
    """Reduce a page that DocBook's stylesheets made, in place; any other is left as it is."""
    if not any("DocBook" in (one.get("content") or "") for one in tree.iter("meta")):
        return
    for menu in tree.xpath(_MENUS):
        menu.drop_tree()
    for box in tree.iter("div"):
        if box.get("class") in _BOXES:
            _unpack(box)
    for heading in tree.iter(*HEADINGS, "title"):
        _drop_number(heading)


def _unpack(box: HtmlElement) -> None:
    """Take the words of a box out of the table that sets its sign beside them."""
    for table in box.xpath("./table[.//img]"):
        cells = table.xpath(".//td[not(.//img[starts-with(@alt, '[')])]")
        title = next((words_of(one) for one in table.iter("th")), "")
        for cell in cells:
            cell.tag = "div"
            table.addprevious(cell)
        if title and cells:
            heading = box.makeelement("p", {"class": "title"})
            heading.text = title
            cells[0].addprevious(heading)
        table.drop_tree()


def _drop_number(heading: HtmlElement) -> None:
    """Drop the number of a chapter or section, which nobody asks for and which changes with every version."""
    for element in heading.iter():
        if (element.text or "").strip():
            element.text = _NUMBER.sub("", element.text)
            return
        for child in element:
            if (child.tail or "").strip() and not words_of(child):
                child.tail = _NUMBER.sub("", child.tail)
                return
