"""The Whoosh index of the pieces."""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

from collections.abc import Iterable, Iterator
from dataclasses import fields as fields_of
from pathlib import Path

from whoosh.fields import ID, STORED, TEXT, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.index import IndexError as WhooshIndexError
from whoosh.reading import IndexReader

from bot.triage.text.plain_text import canonical
from knowledge_base.pages import Page
from knowledge_base.pieces import Piece, split_page
from knowledge_base.words import stemming_analyzer, whole_word_analyzer

_SHOWN = tuple(field.name for field in fields_of(Piece) if field.name != "page_slug")


def schema() -> Schema:
    """Return the schema: page title, heading, and body (heading and text); `spelling` holds whole words."""
    return Schema(
        page=ID(stored=True),
        shown=STORED,
        title=TEXT(analyzer=stemming_analyzer(), phrase=False),
        heading=TEXT(analyzer=stemming_analyzer(), phrase=False),
        body=TEXT(analyzer=stemming_analyzer(), phrase=False),
        spelling=TEXT(analyzer=whole_word_analyzer(), phrase=False),
    )


def write_store(folder: Path, pages: Iterable[Page]) -> FileIndex:
    """Write the Whoosh index of these pages to a new folder and return it open.

    It is rewritten even for one changed page. Whoosh's own update would have to merge its segments into one all the
    same, which takes as long, and its average lengths, on which scores depend, would drift.
    """
    folder.mkdir()
    index: FileIndex = FileStorage(str(folder)).create_index(schema())
    writer = index.writer(limitmb=256)
    for page in pages:
        for piece in split_page(page):
            writer.add_document(
                page=piece.page_slug,
                shown=tuple(getattr(piece, name) for name in _SHOWN),
                title=canonical(piece.page_title),
                heading=canonical(piece.heading),
                body=canonical(f"{piece.heading}\n{piece.text}"),
                spelling=canonical(f"{piece.page_title}\n{piece.heading}\n{piece.text}"),
            )
    # One segment: a piece's number in Whoosh is then its row in every array beside it.
    writer.commit(optimize=True)
    return open_store(folder)


def open_store(folder: Path) -> FileIndex:
    """Open the index in `folder` for reading. Raises OSError or ValueError when there is no readable one."""
    try:
        index: FileIndex = FileStorage(str(folder), readonly=True).open_index()
    except WhooshIndexError as error:
        raise ValueError(f"no Whoosh index in {folder.name}: {error}") from error
    return index


def stored_pieces(reader: IndexReader) -> Iterator[Piece]:
    """Yield all pieces in the order of their numbers."""
    for _number, stored in reader.iter_docs():
        yield Piece(stored["page"], *stored["shown"])
