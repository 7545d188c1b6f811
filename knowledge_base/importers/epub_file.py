"""Import an e-book (EPUB): a page for each chapter in reading order: https://www.w3.org/TR/epub-33/"""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from lxml import etree

from knowledge_base.importers.document import Document, NotImported, decode_text
from knowledge_base.importers.html_file import read_tree
from knowledge_base.importers.markup import parse_html
from knowledge_base.importers.packed import refuse_bombs

_CHAPTERS = ("application/xhtml+xml", "text/html")


def read(content: bytes, name: str, charset: str | None = None) -> list[Document]:
    """Return a document for each chapter. Raises NotImported."""
    refuse_bombs(content, "EPUB")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _refuse_locked(packed)
            chapters = [decode_text(packed.read(path)) for path in _reading_order(packed)]
    except (KeyError, etree.XMLSyntaxError, zipfile.BadZipFile) as error:
        raise NotImported(f"broken: it cannot be read as EPUB ({type(error).__name__})") from None
    found = list(_documents(chapters))
    if not found:
        raise NotImported("empty: there is no text in it")
    return [replace(document, part=str(number)) for number, document in enumerate(found, 1)]


def _documents(chapters: list[str]) -> Iterator[Document]:
    for markup in chapters:
        try:
            yield replace(read_tree(parse_html(markup)), url=None)
        except NotImported:
            # A cover, or a page with a picture only.
            continue


def _refuse_locked(packed: zipfile.ZipFile) -> None:
    names = packed.namelist()
    if "META-INF/rights.xml" in names or "META-INF/license.lcpl" in names:
        raise NotImported("encrypted: it is protected against copying")


def _reading_order(packed: zipfile.ZipFile) -> list[str]:
    """Return the paths of the chapters; the contents and what is not in the reading order are left out."""
    container = _parse(packed.read("META-INF/container.xml"))
    package = next(iter(container.iter("{*}rootfile"))).get("full-path", "")
    root = _parse(packed.read(package))
    items = {item.get("id"): item for item in root.iter("{*}item")}
    chapters = []
    for reference in root.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or reference.get("linear") == "no" or "nav" in (item.get("properties") or "").split():
            continue
        if item.get("media-type") in _CHAPTERS:
            path = posixpath.join(posixpath.dirname(package), unquote(item.get("href", "")))
            chapters.append(posixpath.normpath(path))
    return chapters


def _parse(raw: bytes) -> etree._Element:
    return etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
