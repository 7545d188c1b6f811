"""Keep the pictures of imported pages, as what they say and where their files are.

An importer leaves `<img src alt>` with the address that the page gives; `hold_pictures` stores the files with the
source and writes the addresses at which the manual's site shows them. A picture without a file is its text.
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import lxml.html
from lxml.html import HtmlElement

from knowledge_base.importers.markup import BLOCKS, parse_html, safe_fragment, words_of
from knowledge_base.pages import Page, Section
from knowledge_base.safe_html import HEADINGS

LARGEST_PICTURE = 5_000_000
# How files of these kinds begin: https://www.iana.org/assignments/media-types/
_BEGINNINGS = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".webp": (b"RIFF",),
}
_DATA = re.compile(r"data:image/[\w.+-]{1,20};base64,(.+)", re.DOTALL)
# An alternative text of these kinds says nothing.
_EMPTY_ALT = re.compile(
    r"(?:image|picture|screenshot|figure|fig|icon|img|logo|alt(?:[ -]text)?|untitled|example)?[\s\d._-]*|"
    r"\S+\.(?:png|jpe?g|gif|svg|webp|bmp)",
    re.I,
)
_FIGURE = re.compile(r"(?:^|\s)(?:figure|informalfigure|image-?block|imageblock)(?:\s|$)")
_CAPTION = re.compile(r"(?:^|\s)(?:title|caption|figure-?caption)(?:\s|$)")

Fetch = Callable[[str, str], bytes | None]
"""Name of a document, address of a picture in it -> the picture's file; None when there is none."""
Store = Callable[[bytes, str], str]
"""A picture's file, its ending -> the address at which it is shown."""


def describe_pictures(tree: HtmlElement) -> None:
    """Reduce each picture to its address and its text: its alternative text, else the caption of its figure.

    One that has neither an address nor a text is dropped, and so is one in a heading, which keeps its text.
    """
    for picture in list(tree.iter("img")):
        if picture.getparent() is None:
            continue
        source, said = (picture.get("src") or "").strip(), " ".join((picture.get("alt") or "").split())
        if _EMPTY_ALT.fullmatch(said) or _is_file_name(said, source):
            said = ""
        if picture.getparent().tag in HEADINGS or not source:
            _say(picture, said)
            continue
        caption = "" if said else _caption(picture)
        picture.attrib.clear()
        picture.set("src", source)
        picture.set("alt", said or caption)


def stands_alone(picture: HtmlElement) -> bool:
    """Return True when there is nothing else in the block around the picture."""
    around = picture.getparent()
    while around.tag in ("a", "span", "picture", "em", "strong", "button") and around.getparent() is not None:
        around = around.getparent()
    alone = words_of(around) == words_of(picture)
    return alone or around.tag in ("figure", "body", "html") or _between_blocks(picture)


def hold_pictures(page: Page, name: str, fetch: Fetch, store: Store) -> Page:
    """Return the page with the addresses of its pictures' files, which are stored; the others are their text."""
    if page.html is None or "<img" not in page.html:
        return page
    tree = parse_html(f"<body>{page.html}</body>")
    held: dict[str, str] = {}
    for picture in list(tree.iter("img")):
        source = picture.get("src") or ""
        address = held.get(source) or _held(source, name, fetch, store)
        if address:
            held[source] = address
            picture.set("src", address)
        else:
            _say(picture, picture.get("alt") or "")
    sections = tuple(_with_picture(section, held) for section in page.sections)
    return replace(page, html=safe_fragment(tree), sections=sections)


def _held(source: str, name: str, fetch: Fetch, store: Store) -> str | None:
    content = _embedded(source) if source.startswith("data:") else fetch(name, source)
    ending = _ending(content) if content is not None and len(content) <= LARGEST_PICTURE else None
    return store(content, ending) if content is not None and ending is not None else None


def _ending(content: bytes) -> str | None:
    """Return the ending of a picture's file by how it begins; None for what browsers should not be given."""
    return next((ending for ending, begins in _BEGINNINGS.items() if content.startswith(begins)), None)


def _embedded(source: str) -> bytes | None:
    match = _DATA.fullmatch(source)
    try:
        return base64.b64decode(match[1], validate=True) if match else None
    except (binascii.Error, ValueError):
        return None


def _with_picture(section: Section, held: dict[str, str]) -> Section:
    address = held.get(section.picture, "")
    return replace(section, picture=address, picture_text=section.picture_text if address else "")


def _say(picture: HtmlElement, said: str) -> None:
    """Put the picture's text in its place: within a sentence as words, alone as `Picture: …`."""
    if not said:
        picture.drop_tree()
        return
    alone = stands_alone(picture)
    words = lxml.html.Element("em" if alone else "span")
    words.text = f"Picture: {said}" if alone else said
    words.tail = picture.tail
    picture.getparent().replace(picture, words)


def _caption(picture: HtmlElement) -> str:
    """Return the words of the caption of the figure that holds this picture and no other."""
    for around in picture.iterancestors("figure", "div"):
        if around.tag == "figure" or _FIGURE.search(around.get("class") or ""):
            if sum(1 for _ in around.iter("img")) > 1:
                return ""
            captions = (one for one in around.iter("figcaption", "p", "div") if _is_caption(one))
            return next((words_of(one) for one in captions), "")
    return ""


def _is_caption(element: HtmlElement) -> bool:
    return element.tag == "figcaption" or bool(_CAPTION.search(element.get("class") or ""))


def _is_file_name(alt: str, source: str) -> bool:
    path = PurePosixPath(unquote(urlsplit(source).path)) if not source.startswith("data:") else PurePosixPath()
    names = [str(path), path.name, *([path.stem] if not path.stem.isalpha() else [])]
    return alt.casefold() in (name.casefold() for name in names)


def _between_blocks(picture: HtmlElement) -> bool:
    """Return True when the picture stands beside blocks and not within running text."""
    before, after = picture.getprevious(), picture.getnext()
    text = picture.getparent().text if before is None else before.tail
    neighbours = [one for one in (before, after) if one is not None]
    blank = not (text or "").strip() and not (picture.tail or "").strip()
    return blank and bool(neighbours) and all(one.tag in (*BLOCKS, *HEADINGS, "pre", "aside") for one in neighbours)
