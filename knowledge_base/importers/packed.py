"""Check packed documents (DOCX, ODT, EPUB) before they are unpacked."""

import io
import zipfile

from knowledge_base.importers.document import NotImported

# A manual of 1,000 pages unpacks to about a tenth of this.
LARGEST_UNPACKED = 200_000_000
MOST_PARTS = 10_000


def refuse_bombs(content: bytes, kind: str) -> None:
    """Refuse what is no zip file, is locked, or is a small file that unpacks to a huge one. Raises NotImported."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except zipfile.BadZipFile:
        raise NotImported(f"broken: it cannot be read as {kind} (not a whole zip file)") from None
    if any(part.flag_bits & 1 for part in parts):
        raise NotImported("encrypted: save it without a password")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise NotImported("huge: it unpacks to more than any document needs")
