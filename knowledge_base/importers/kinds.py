"""Which kinds of files a manual can come in, told by the ending. What reads them is heavy: see `readers`."""

from pathlib import PurePosixPath

KINDS = {".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf", ".docx", ".txt"}
# People keep manuals in these too; whoever has one is told, instead of wondering where its pages are.
OTHER_DOCUMENTS = {".doc", ".odt", ".rtf", ".chm", ".epub", ".pages", ".rst", ".adoc", ".tex", ".wpd", ".mdx"}
CONTENT_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}


def kind_of(name: str) -> str:
    """The name's ending, in lower case, with its dot."""
    return PurePosixPath(name).suffix.lower()
