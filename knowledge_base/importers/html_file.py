"""Import an HTML page: its main text without navigation, adverts and page furniture."""

import re
from urllib.parse import urlsplit

import lxml.html
import trafilatura
from lxml.html import HtmlElement

from knowledge_base.importers.document import Document, NotImported, decode_text
from knowledge_base.importers.markup import parse_html, safe_fragment, words_of
from knowledge_base.importers.plain_markup import make_plain
from knowledge_base.importers.stubs import refuse_stub
from knowledge_base.safe_html import HEADINGS

_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})|<\?xml[^>]{0,100}encoding=["']([\w.:-]{1,40})""", re.I
)
_FURNITURE = (
    "nav", "aside", "header", "footer", "form", "button", "script", "style", "noscript", "template", "iframe", "svg",
    "object", "select", "textarea", "video", "audio", "canvas", "dialog", "menu",
)  # fmt: skip
# The last ones are the parts that generators mark by name only: Confluence, Docusaurus, VitePress, MkDocs, Docsy,
# older Sphinx, MediaWiki, AsciiDoc.
_MAIN = (
    "//article",
    "//*[@role='main']",
    "//main",
    "//*[@itemprop='articleBody']",
    *(
        f"//*[contains(concat(' ',normalize-space(@class),' '),' {name} ')]"
        for name in (
            "wiki-content",
            "theme-doc-markdown",
            "vp-doc",
            "md-content__inner",
            "td-content",
            "markdown-body",
            "book-page",
            "rst-content",
            "bodywrapper",
            "mw-parser-output",
        )
    ),
    *(f"//*[@id='{name}']" for name in ("main-content", "bodyContent", "content", "main")),
)
# A main element of fewer words is a shell around something else.
FEWEST_WORDS = 20
# A page of whose words a greater share is links has menus around its text.
MOST_LINKED = 0.15


def read(content: bytes, name: str, charset: str | None = None) -> list[Document]:
    """Return the page as one document; ``charset`` is the server's declaration. Raises NotImported."""
    declared = _DECLARED.search(content[:4096])
    named = next(filter(None, declared.groups())).decode() if declared else None
    markup = decode_text(content, charset or named)
    tree = parse_html(markup)
    refuse_stub(tree, name)
    return [read_tree(tree)]


def read_tree(tree: HtmlElement) -> Document:
    """Return the page's main text as a document. Raises NotImported."""
    address = _canonical(tree)
    make_plain(tree)
    main = _main_part(tree)
    if main is None:
        main = _body_without_menus(tree)
    title = _title(tree, main)
    for heading in list((tree if main is None else main).iter("h1")):
        if words_of(heading) == title and main is not None and heading is not main:
            heading.drop_tree()
            break
    return Document(title, _furnished(main) if main is not None else _by_readability(tree), address)


def _title(tree: HtmlElement, main: HtmlElement | None) -> str:
    """Return the first heading of the main part, else of the page; the window's title also names the site."""
    for part in (main, tree):
        for heading in part.iter("h1") if part is not None else ():
            if words := words_of(heading):
                return words
    for title in tree.iter("title"):
        if words := words_of(title):
            return re.split(r"\s[-–—|·]\s", words)[0]
    return ""


def _main_part(tree: HtmlElement, fewest_words: int = FEWEST_WORDS) -> HtmlElement | None:
    """Return the one element that the page marks as its main text, when it holds enough words; else None."""
    for path in _MAIN:
        found = tree.xpath(path)
        if len(found) == 1 and len(words_of(found[0]).split()) >= min(fewest_words, _half_of_the_text(tree)):
            return found[0]
    return None


def _half_of_the_text(tree: HtmlElement) -> int:
    """Return half of the number of words that stand outside of menus: a main element that holds more is no shell."""
    body = next(tree.iter("body"), tree)
    furniture = [one for one in body.iter(*_FURNITURE) if not any(True for _ in one.iterancestors(*_FURNITURE))]
    words = len(words_of(body).split()) - sum(len(words_of(one).split()) for one in furniture)
    return max(1, (words + 1) // 2)


def _furnished(main: HtmlElement) -> str:
    for element in list(main.iter(*_FURNITURE)):
        # A heading in a <header> names the page or a part of it.
        if element.tag == "header" and any(True for _ in element.iter(*HEADINGS)):
            continue
        if element.getparent() is not None:
            element.drop_tree()
    return safe_fragment(main)


def _body_without_menus(tree: HtmlElement) -> HtmlElement | None:
    """Return the body of a page that marks no main part and has no menus; None when links make up much of it."""
    body = next(tree.iter("body"), tree)
    linked = sum(len(words_of(link).split()) for link in body.iter("a") if "#" not in (link.get("href") or "#"))
    return body if linked < len(words_of(body).split()) * MOST_LINKED else None


def _by_readability(tree: HtmlElement) -> str:
    """Return the main text of a page with menus, by the density of running text."""
    ids = {words_of(heading): heading.get("id") for heading in tree.iter(*HEADINGS) if heading.get("id")}
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
        if anchor := ids.get(words_of(heading)):
            heading.set("id", anchor)
    return safe_fragment(body)


def _canonical(tree: HtmlElement) -> str | None:
    """Return the address that the page declares as its own."""
    for link in tree.xpath("//link[@rel='canonical']"):
        address = (link.get("href") or "").strip()
        if urlsplit(address).scheme in ("http", "https") and urlsplit(address).netloc:
            return address
    return None
