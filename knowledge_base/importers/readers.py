"""Dispatch a file to the importer of its kind."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath

from knowledge_base.importers import (
    asciidoc_file,
    docx_file,
    epub_file,
    html_file,
    markdown_file,
    odt_file,
    pdf_file,
    rst_file,
    text_file,
)
from knowledge_base.importers.document import LARGEST_FILE, Document, NotImported, Whole
from knowledge_base.importers.long_pages import cut_at_headings
from knowledge_base.importers.section_lines import sections_of

Reader = Callable[[bytes, str, str | None], list[Document]]

READERS: dict[str, Reader] = {
    ".md": markdown_file.read,
    ".markdown": markdown_file.read,
    ".mdx": markdown_file.read,
    ".rst": rst_file.read,
    ".adoc": asciidoc_file.read,
    ".asciidoc": asciidoc_file.read,
    ".html": html_file.read,
    ".htm": html_file.read,
    ".xhtml": html_file.read,
    ".pdf": pdf_file.read,
    ".docx": docx_file.read,
    ".odt": odt_file.read,
    ".epub": epub_file.read,
    ".txt": text_file.read,
}


def read_file(content: bytes, name: str, kind: str, charset: str | None = None) -> list[Whole]:
    """Return the documents of one file, each with its sections; an untitled one is named after the file.

    Raises NotImported for a file without usable content. ``kind`` is an extension in READERS.
    """
    if not content.strip():
        raise NotImported("empty: there is nothing in it")
    if len(content) > LARGEST_FILE:
        raise NotImported(f"huge: more than {LARGEST_FILE // 1_000_000} MB")
    found: list[Whole] = []
    why = None
    for document in READERS[kind](content, name, charset):
        named = replace(document, title=document.title[:200] or _title_by(name))
        try:
            found += cut_at_headings(named, sections_of(named.title, named.html))
        except NotImported as error:
            why = error
    if not found:
        raise why or NotImported("empty: there is no text in it")
    return found


def _title_by(name: str) -> str:
    words = PurePosixPath(name).stem.replace("-", " ").replace("_", " ").strip()
    return words.capitalize() or "Untitled"
