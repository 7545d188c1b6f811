"""Import an HTML page: its main text without navigation, adverts and page furniture."""

import re
from urllib.parse import urlsplit

import lxml.html
import trafilatura
from lxml.html import HtmlElement

from knowledge_base.importers.document import Document, NotImported, decode_text
from knowledge_base.importers.markup import parse_html, safe_fragment, set_heading_ids
from knowledge_base.safe_html import HEADINGS

_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})|<\?xml[^>]{0,100}encoding=["']([\w.:-]{1,40})""", re.I
)
_FURNITURE = (
    "nav", "aside", "header", "footer", "form", "button", "script", "style", "noscript", "template", "iframe", "svg",
    "object", "select", "textarea", "video", "audio", "canvas", "dialog", "menu",
)  # fmt: skip
_MAIN = ("//article", "//*[@role='main']", "//main", "//*[@itemprop='articleBody']")
# A main element of fewer words is a shell around something else.
FEWEST_WORDS = 20


def read(content: bytes, name: str, charset: str | None = None) -> list[Document]:
    """Return the page as one document; ``charset`` is the server's declaration. Raises NotImported."""
    declared = _DECLARED.search(content[:4096])
    named = next(filter(None, declared.groups())).decode() if declared else None
    markup = decode_text(content, charset or named)
    tree = parse_html(markup)
    set_heading_ids(tree)
    title = _title(tree)
    main = _main_part(tree)
    for heading in list(tree.iter("h1")):
        if _words(heading) == title and main is not None and heading is not main:
            heading.drop_tree()
            break
    fragment = _furnished(main) if main is not None else _by_readability(tree)
    return [Document(title, fragment, _canonical(tree))]


def _title(tree: HtmlElement) -> str:
    """Return the first heading, which names the page; the window's title also names the site."""
    for heading in tree.iter("h1"):
        if words := _words(heading):
            return words
    for title in tree.iter("title"):
        if words := _words(title):
            return re.split(r"\s[-–—|·]\s", words)[0]
    return ""


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _main_part(tree: HtmlElement, fewest_words: int = FEWEST_WORDS) -> HtmlElement | None:
    """Return the one element that the page marks as its main text, when it holds enough words; else None."""
    for path in _MAIN:
        found = tree.xpath(path)
        if len(found) == 1 and len(_words(found[0]).split()) >= fewest_words:
            return found[0]
    return None


def _furnished(main: HtmlElement) -> str:
    for element in list(main.iter(*_FURNITURE)):
        # A heading in a <header> names the page or a part of it.
        if element.tag == "header" and any(True for _ in element.iter(*HEADINGS)):
            continue
        if element.getparent() is not None:
            element.drop_tree()
    return safe_fragment(main)


def _by_readability(tree: HtmlElement) -> str:
    """Return the main text of a page that marks none, by the density of running text."""
    ids = {_words(heading): heading.get("id") for heading in tree.iter(*HEADINGS) if heading.get("id")}
    found = trafilatura.extract(
        lxml.html.tostring(tree, encoding="unicode"),
        output_format="html",
        include_formatting=True,
        include_links=True,
        include_comments=False,
        favor_recall=True,
    )
    if not found:
        short = _main_part(tree, fewest_words=1)
        if short is not None:
            return _furnished(short)
        raise NotImported("empty: there is no running text in it")
    body = parse_html(found)
    for heading in body.iter(*HEADINGS):
        if anchor := ids.get(_words(heading)):
            heading.set("id", anchor)
    return safe_fragment(body)


def _canonical(tree: HtmlElement) -> str | None:
    """Return the address that the page declares as its own."""
    for link in tree.xpath("//link[@rel='canonical']"):
        address = (link.get("href") or "").strip()
        if urlsplit(address).scheme in ("http", "https") and urlsplit(address).netloc:
            return address
    return None
