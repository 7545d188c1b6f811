"""The kinds of files that a manual can be imported from, by file extension. The importers are heavy: see `readers`."""

from pathlib import PurePosixPath

NAMES = "Markdown, MDX, reStructuredText, AsciiDoc, HTML, PDF, DOCX, ODT, EPUB and text"
KINDS = {
    ".md",
    ".markdown",
    ".mdx",
    ".rst",
    ".adoc",
    ".asciidoc",
    ".html",
    ".htm",
    ".xhtml",
    ".pdf",
    ".docx",
    ".odt",
    ".epub",
    ".txt",
}
# Kept with the pages that show them.
PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".webp"}
# People keep manuals in these formats too; the report names such files instead of skipping them silently.
OTHER_DOCUMENTS = {".doc", ".rtf", ".chm", ".pages", ".tex", ".wpd"}
CONTENT_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/vnd.oasis.opendocument.text": ".odt",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}


def file_kind(name: str) -> str:
    """Return the name's extension, in lower case, with its dot."""
    return PurePosixPath(name).suffix.lower()
