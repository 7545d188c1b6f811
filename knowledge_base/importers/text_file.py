"""Import a plain text file: its first line is the title, an empty line separates paragraphs."""

import html
import re

from knowledge_base.importers.document import Document, decode_text
from knowledge_base.importers.stubs import refuse_for_programs


def read(content: bytes, name: str, charset: str | None = None) -> list[Document]:
    """Return the file as one document. Raises NotImported."""
    refuse_for_programs(name)
    paragraphs = [part for part in re.split(r"\n\s*\n", decode_text(content, charset)) if part.strip()]
    first = paragraphs[0].strip() if paragraphs else ""
    title = first if "\n" not in first and 0 < len(first) <= 100 else ""
    body = paragraphs[1:] if title and len(paragraphs) > 1 else paragraphs
    return [Document(title, "".join(f"<p>{'<br>'.join(map(html.escape, part.splitlines()))}</p>" for part in body))]
