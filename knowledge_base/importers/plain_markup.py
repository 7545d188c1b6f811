"""Reduce the conventions of site generators to plain HTML: one shape for code, pictures, tabs, notes and headings."""

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import lxml.html
from lxml.html import HtmlElement

from knowledge_base.importers.admonitions import quote_admonitions
from knowledge_base.importers.markup import BLOCKS, set_heading_ids, words_of
from knowledge_base.importers.tabs import lay_out_tabs
from knowledge_base.safe_html import HEADINGS

# Tables of which one cell holds the numbers of lines and the other the code: Pygments, Chroma, Rouge.
_CODE_TABLES = re.compile(r"\b(?:highlighttable|lntable|rouge-table|codehilitetable|linenotable)\b")
_LINE_NUMBERS = re.compile(r"(?:^|\s)(?:linenos?|linenodiv|lnt|ln|lineno|line-numbers?(?:-wrapper|-rows)?)(?:\s|$)")
_LIST_KINDS = {"loweralpha": "a", "upperalpha": "A", "lowerroman": "i", "upperroman": "I"}
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*(lower|upper)-(alpha|latin|roman)")
# An alternative text of these kinds says nothing.
_EMPTY_ALT = re.compile(
    r"(?:image|picture|screenshot|figure|fig|icon|img|logo|alt(?:[ -]text)?|untitled)?[\s\d._-]*|"
    r"\S+\.(?:png|jpe?g|gif|svg|webp|bmp)",
    re.I,
)


def make_plain(tree: HtmlElement) -> None:
    """Reduce what the site's generator made, in place."""
    _plain_code(tree)
    _plain_lists(tree)
    lay_out_tabs(tree)
    _name_pictures(tree)
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


def _name_pictures(tree: HtmlElement) -> None:
    """Put a picture's alternative text in its place: within a sentence as words, alone as `Picture: …`."""
    for picture in list(tree.iter("img")):
        if picture.getparent() is None:
            continue
        alt = " ".join((picture.get("alt") or "").split())
        if _EMPTY_ALT.fullmatch(alt) or _is_file_name(alt, picture.get("src") or ""):
            picture.drop_tree()
            continue
        words = lxml.html.Element("em" if _stands_alone(picture) else "span")
        words.text = f"Picture: {alt}" if words.tag == "em" else alt
        words.tail = picture.tail
        picture.getparent().replace(picture, words)


def _is_file_name(alt: str, source: str) -> bool:
    path = PurePosixPath(unquote(urlsplit(source).path)) if not source.startswith("data:") else PurePosixPath()
    names = [str(path), path.name, *([path.stem] if not path.stem.isalpha() else [])]
    return alt.casefold() in (name.casefold() for name in names)


def _stands_alone(picture: HtmlElement) -> bool:
    """Return True when there is nothing else in the block around the picture."""
    around = picture.getparent()
    while around.tag in ("a", "span", "picture", "em", "strong", "button") and around.getparent() is not None:
        around = around.getparent()
    return not words_of(around) or around.tag in ("figure", "body", "html") or _between_blocks(picture)


def _between_blocks(picture: HtmlElement) -> bool:
    """Return True when the picture stands beside blocks and not within running text."""
    before, after = picture.getprevious(), picture.getnext()
    text = picture.getparent().text if before is None else before.tail
    neighbours = [one for one in (before, after) if one is not None]
    blank = not (text or "").strip() and not (picture.tail or "").strip()
    return blank and bool(neighbours) and all(one.tag in (*BLOCKS, *HEADINGS, "pre", "aside") for one in neighbours)


def _make_bold_paragraph(element: HtmlElement) -> None:
    element.tag = "strong"
    paragraph = lxml.html.Element("p")
    paragraph.tail, element.tail = element.tail, None
    element.addprevious(paragraph)
    paragraph.append(element)
