"""Import a Word document (DOCX): headings, lists and tables by their styles, without pictures."""

import io
import zipfile
from typing import Any

import mammoth

from knowledge_base.importers.document import LONGEST_MARKUP, Document, NotImported
from knowledge_base.importers.markup import parse_html, safe_fragment, set_heading_ids

# A manual of 1,000 pages unpacks to about a tenth of this.
LARGEST_UNPACKED = 200_000_000
MOST_PARTS = 10_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(content: bytes, name: str, charset: str | None = None) -> list[Document]:
    """Return the file as one document. Raises NotImported."""
    if content.startswith(_OLD_OFFICE):
        raise NotImported("encrypted, or of the old kind .doc: save it as .docx without a password")
    _refuse_bombs(content)
    try:
        found = mammoth.convert_to_html(io.BytesIO(content), convert_image=mammoth.images.img_element(_no_picture))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the library raises any exception on a damaged part
        raise NotImported(f"broken: it cannot be read as DOCX ({type(error).__name__})") from None
    if len(found.value) > LONGEST_MARKUP:
        raise NotImported(f"huge: more than {LONGEST_MARKUP // 1_000_000} million characters; split it")
    tree = parse_html(found.value or " ")
    set_heading_ids(tree)
    headings = list(tree.iter("h1"))
    title = " ".join(headings[0].text_content().split()) if headings else ""
    if len(headings) == 1:
        headings[0].drop_tree()
    return [Document(title, safe_fragment(tree))]


def _no_picture(_image: Any) -> dict[str, str]:
    return {}


def _refuse_bombs(content: bytes) -> None:
    """Refuse a small file that unpacks to a huge one, before it is unpacked. Raises NotImported."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except zipfile.BadZipFile:
        raise NotImported("broken: it cannot be read as DOCX (not a whole zip file)") from None
    if any(part.flag_bits & 1 for part in parts):
        raise NotImported("encrypted: save it without a password")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise NotImported("huge: it unpacks to more than any document needs")
