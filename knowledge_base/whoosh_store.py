"""The Whoosh index of the pieces: written page by page, so that only what changed is written."""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields as fields_of
from pathlib import Path

from whoosh.fields import ID, STORED, TEXT, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.index import IndexError as WhooshIndexError
from whoosh.reading import IndexReader

from knowledge_base.pieces import Piece
from knowledge_base.words import stemming, surface

_SHOWN = tuple(field.name for field in fields_of(Piece) if field.name != "page_slug")


def schema() -> Schema:
    """Searched fields: the page's title, the heading, and the body (heading and text); `spelling` holds
    whole words for suggestions."""
    return Schema(
        page=ID(stored=True),
        shown=STORED,
        title=TEXT(analyzer=stemming(), phrase=False),
        heading=TEXT(analyzer=stemming(), phrase=False),
        body=TEXT(analyzer=stemming(), phrase=False),
        spelling=TEXT(analyzer=surface(), phrase=False),
    )


def update(folder: Path, removed: Iterable[str], added: Mapping[str, list[Piece]]) -> FileIndex:
    """Takes pages out of the index in `folder` and puts pages in; creates it when the folder is empty."""
    storage = FileStorage(str(folder))
    index = storage.open_index() if any(folder.iterdir()) else storage.create_index(schema())
    writer = index.writer(limitmb=256)
    for slug in removed:
        writer.delete_by_term("page", slug)
    for slug, pieces in added.items():
        for piece in pieces:
            words = f"{piece.page_title}\n{piece.heading}\n{piece.text}"
            writer.add_document(
                page=slug,
                shown=tuple(getattr(piece, name) for name in _SHOWN),
                title=piece.page_title,
                heading=piece.heading,
                body=f"{piece.heading}\n{piece.text}",
                spelling=words,
            )
    # One segment without gaps: a piece's number in Whoosh is then its row in every array beside it.
    writer.commit(optimize=True)
    refreshed: FileIndex = index.refresh()
    return refreshed


def open_store(folder: Path) -> FileIndex:
    """The index in `folder` for reading. Raises OSError or ValueError when there is none that can be read."""
    try:
        index: FileIndex = FileStorage(str(folder), readonly=True).open_index()
    except WhooshIndexError as error:
        raise ValueError(f"no Whoosh index in {folder.name}: {error}") from error
    return index


def stored_pieces(reader: IndexReader) -> Iterator[Piece]:
    """All pieces in the order of their numbers."""
    for _number, stored in reader.iter_docs():
        yield Piece(stored["page"], *stored["shown"])
