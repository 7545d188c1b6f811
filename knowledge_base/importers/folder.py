"""List and read the files of a folder, in order, with the reasons why some are left out."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.importers.document import LARGEST_FILE, NotImported
from knowledge_base.importers.kinds import KINDS, OTHER_DOCUMENTS, file_kind

MOST_FILES = 20_000


@dataclass(frozen=True)
class Item:
    """One file or page of a source: ``name`` is its path in the folder, or its address."""

    name: str
    kind: str
    content: bytes = b""
    charset: str | None = None
    url: str | None = None
    refused: str | None = None


def list_documents(folder: Path) -> list[str]:
    """Return the paths of the documents below a folder, or of the one file; other kinds of files are skipped.

    Raises NotImported when there is no such folder, or far too much in it.
    """
    if folder.is_file():
        return [folder.name]
    if not folder.is_dir():
        raise NotImported(f"there is no folder or file at {folder}")
    found = []
    # Links are not followed: one that leads out of the folder would publish what lies there.
    for place, folders, files in os.walk(folder, followlinks=False):
        # Site generators keep what is not published, such as sources and parts, in folders with a leading _.
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
        found += [
            (Path(place) / name).relative_to(folder).as_posix()
            for name in sorted(files)
            if not name.startswith(".") and file_kind(name) in KINDS | OTHER_DOCUMENTS
        ]
        if len(found) > MOST_FILES:
            raise NotImported(f"there are more than {MOST_FILES:,} documents below {folder}; import parts of it")
    return found


def read_documents(folder: Path, wanted: list[str]) -> Iterator[Item]:
    """Yield the files by name, each with its content or the reason why it is refused."""
    root = folder.parent if folder.is_file() else folder
    for name in wanted:
        kind = file_kind(name)
        try:
            yield Item(name, kind, _content(root / name, kind))
        except NotImported as error:
            yield Item(name, kind, refused=str(error))


def _content(path: Path, kind: str) -> bytes:
    if kind in OTHER_DOCUMENTS:
        raise NotImported(f"of a kind that is not read ({kind}); save it as HTML, PDF or DOCX")
    if path.is_symlink():
        raise NotImported("a link to another file, which is not followed")
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise NotImported(f"huge: more than {LARGEST_FILE // 1_000_000} MB")
        return path.read_bytes()
    except OSError as error:
        raise NotImported(f"broken: it cannot be opened ({error.strerror})") from None
