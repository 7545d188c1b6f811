"""A version of the index, open for reading."""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from whoosh.index import FileIndex

from knowledge_base import lexicon, versions, whoosh_store
from knowledge_base.embedder import Vectors
from knowledge_base.limits import read_limits
from knowledge_base.outdated import demotions
from knowledge_base.pieces import Piece
from knowledge_base.section_store import Sections, open_sections
from knowledge_base.section_vectors import SENTENCE_VECTORS, open_vectors


@dataclass(frozen=True)
class OpenIndex:
    """One version of the index. Row n of every array is piece n.

    ``limits`` are those of confidence, by the kind of evidence. ``demoted`` is what a piece of a changelog loses in a
    ranking.
    """

    reader: versions.Reader
    whoosh: FileIndex
    pieces: list[Piece]
    words: lexicon.Lexicon
    vectors: Vectors | None
    page_of: NDArray[np.int32]
    page_slugs: list[str]
    sections: Sections
    sentences: Vectors | None
    limits: Mapping[str, float]
    demoted: NDArray[np.float32]


def open_version(reader: versions.Reader) -> OpenIndex:
    """Open the version of a reader. Raises OSError, ValueError or KeyError when it cannot be read."""
    index = whoosh_store.open_store(reader.folder / "whoosh")
    with index.reader() as whoosh_reader:
        pieces = list(whoosh_store.stored_pieces(whoosh_reader))
    slugs = list(dict.fromkeys(piece.page_slug for piece in pieces))
    number = {slug: place for place, slug in enumerate(slugs)}
    return OpenIndex(
        reader,
        index,
        pieces,
        lexicon.Lexicon(reader.folder),
        open_vectors(reader.folder),
        np.array([number[piece.page_slug] for piece in pieces], np.int32),
        slugs,
        open_sections(reader.folder),
        open_vectors(reader.folder, SENTENCE_VECTORS),
        read_limits(reader.folder),
        demotions(pieces),
    )
