"""Reduce the conventions of site generators to plain HTML: one shape for code, pictures, tabs, notes and headings."""

import re

import lxml.html
from lxml.html import HtmlElement

from knowledge_base.importers.admonitions import quote_admonitions
from knowledge_base.importers.docbook import make_docbook_plain
from knowledge_base.importers.markup import set_heading_ids
from knowledge_base.importers.pictures import describe_pictures
from knowledge_base.importers.tabs import lay_out_tabs

# Tables of which one cell holds the numbers of lines and the other the code: Pygments, Chroma, Rouge.
_CODE_TABLES = re.compile(r"\b(?:highlighttable|lntable|rouge-table|codehilitetable|linenotable)\b")
_LINE_NUMBERS = re.compile(r"(?:^|\s)(?:linenos?|linenodiv|lnt|ln|lineno|line-numbers?(?:-wrapper|-rows)?)(?:\s|$)")
_LIST_KINDS = {"loweralpha": "a", "upperalpha": "A", "lowerroman": "i", "upperroman": "I"}
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*(lower|upper)-(alpha|latin|roman)")


def make_plain(tree: HtmlElement) -> None:
    """Reduce what the site's generator made, in place."""
    make_docbook_plain(tree)
    _plain_code(tree)
    _plain_lists(tree)
    lay_out_tabs(tree)
    describe_pictures(tree)
    quote_admonitions(tree)
    for summary in list(tree.iter("summary")):
        _make_bold_paragraph(summary)
    set_heading_ids(tree)


def _plain_code(tree: HtmlElement) -> None:
    """Leave of a block of code its lines: without numbers, copy buttons, and the name of its language beside it."""
    for table in list(tree.iter("table")):
        code = table.xpath(".//td[last()]//pre") if _CODE_TABLES.search(table.get("class") or "") else []
        if code and table.getparent() is not None:
            table.addprevious(code[-1])
            code[-1].tail = None
            table.drop_tree()
    for block in list(tree.iter("pre")):
        for numbers in list(block.iter("span", "div", "a")):
            if numbers.getparent() is not None and _LINE_NUMBERS.search(numbers.get("class") or ""):
                numbers.drop_tree()
        for line in block.iter("div", "p", "li"):
            line.tail = f"\n{line.tail or ''}" if line.getnext() is not None else line.tail
    for sign in list(tree.xpath("//div[pre]/span[@class='lang'] | //div[pre]/*[contains(@class,'line-numbers')]")):
        sign.drop_tree()


def _plain_lists(tree: HtmlElement) -> None:
    """Say as an attribute how a list's items are counted, where a class or style does."""
    for numbered in tree.iter("ol"):
        classes = (numbered.get("class") or "").split()
        named = next((_LIST_KINDS[one] for one in classes if one in _LIST_KINDS), None)
        if style := _LIST_STYLE.search(numbered.get("style") or ""):
            named = _LIST_KINDS[f"{style[1]}{'roman' if style[2] == 'roman' else 'alpha'}"]
        if named and not numbered.get("type"):
            numbered.set("type", named)


def _make_bold_paragraph(element: HtmlElement) -> None:
    element.tag = "strong"
    paragraph = lxml.html.Element("p")
    paragraph.tail, element.tail = element.tail, None
    element.addprevious(paragraph)
    paragraph.append(element)
