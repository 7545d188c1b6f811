"""Build and open the search index of a manual.

A build never touches the version in use: it makes the next one beside it, reuses the unchanged parts of the last one,
and makes it current when it is complete.
"""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge_base import calibration, lexicon, versions, whoosh_store
from knowledge_base.embedder import MODEL, Embedder
from knowledge_base.open_index import OpenIndex, open_version
from knowledge_base.pages import Page
from knowledge_base.pieces import page_fingerprint
from knowledge_base.section_store import write_sections
from knowledge_base.section_vectors import embed_pieces, embed_sentences
from knowledge_base.words import Synonyms

# Raise it when the files of a version, or how text becomes words, change; the next build then reuses nothing.
FORMAT = 6

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class BuildResult:
    """The result of a build: counts of pages and sections in the index, and of those that were new."""

    pages: int
    sections: int
    pages_changed: int
    pages_removed: int
    sections_embedded: int


def build_index(
    pages: Sequence[Page],
    index_dir: Path,
    embedder: Embedder | None,
    progress: Progress | None = None,
    synonyms: Synonyms | None = None,
) -> BuildResult:
    """Build the index of these pages; do nothing when it is up to date.

    Raises versions.AnotherBuilder, ValueError for two pages of one slug. After any exception,
    and wherever the process dies, the version in use is unchanged.
    """
    _refuse_repeated_slugs(pages)
    with versions.build_lock(index_dir):
        versions.remove_unused_versions(index_dir)
        before = _last_version(index_dir)
        try:
            return _build(pages, index_dir, embedder, progress or _silent, synonyms or {}, before)
        finally:
            if before:
                before.close()
            versions.remove_unused_versions(index_dir)


def _build(
    pages: Sequence[Page],
    index_dir: Path,
    embedder: Embedder | None,
    progress: Progress,
    alike: Synonyms,
    before: versions.Reader | None,
) -> BuildResult:
    record: dict[str, Any] = {
        "format": FORMAT,
        "embedding": MODEL if embedder else None,
        "synonyms": hashlib.sha256(repr(sorted((k, sorted(v)) for k, v in alike.items())).encode()).hexdigest(),
        "pages": {page.slug: page_fingerprint(page) for page in pages},
    }
    old = _record(before.folder) if before else None
    if old and "files" in old and {**old, "sections": 0, "files": 0} == {**record, "sections": 0, "files": 0}:
        return BuildResult(len(pages), old["sections"], 0, 0, 0)
    known: dict[str, str] = old["pages"] if old and old["format"] == FORMAT else {}
    changed = [page for page in pages if known.get(page.slug) != record["pages"][page.slug]]
    gone = set(known) - set(record["pages"])

    version = versions.new_version(index_dir)
    progress("Indexing words", 0, len(pages))
    whoosh_index = whoosh_store.write_store(version / "whoosh", pages)
    lexicon.write_lexicon(whoosh_index, alike, version)
    sentences = write_sections(pages, version)
    with whoosh_index.reader() as reader:
        pieces = list(whoosh_store.stored_pieces(reader))
    whoosh_index.close()
    progress("Indexing words", len(pages), len(pages))
    last = before.folder if before else None
    embedded = embed_pieces(pieces, version, last, embedder, progress)
    embed_sentences(sentences, version, last, embedder, progress)
    _calibrate(version, embedder, progress)
    made = {**record, "sections": len(pieces), "files": _sizes(version)}
    (version / "record.json").write_text(json.dumps(made), encoding="utf-8")
    versions.make_current(index_dir, version)
    return BuildResult(len(pages), len(pieces), len(changed), len(gone), embedded)


def _calibrate(version: Path, embedder: Embedder | None, progress: Progress) -> None:
    """Set the limits of confidence on what the search finds in this very manual for questions of other trades."""
    progress("Calibrating", 0, 1)
    index = open_version(versions.Reader.of_unfinished(version))
    try:
        calibration.write_limits(index, embedder, version)
    finally:
        index.whoosh.close()
        index.reader.close()
    progress("Calibrating", 1, 1)


def open_index(index_dir: Path) -> OpenIndex:
    """Open the current version. Raises versions.IndexUnavailable when there is none or it cannot be read."""
    reader = versions.open_current(index_dir)
    try:
        _check_whole(reader.folder)
        return open_version(reader)
    except (OSError, ValueError, KeyError) as error:
        reader.close()
        raise versions.IndexUnavailable(
            f"The search index in {index_dir} is damaged ({type(error).__name__}). Answers from the manual "
            "are left out until it is built again: delete that folder and run `techref index`."
        ) from error


def _check_whole(folder: Path) -> None:
    """Raise ValueError when a file of the version is not as long as it was written: a copy was cut short, a disk full.

    Whoosh and the lists beside it are read in parts, so that a short file would be noticed late, or never.
    """
    record = _record(folder)
    if record is None:
        raise ValueError("the record is unreadable")
    for name, size in record.get("files", {}).items():
        if (folder / name).stat().st_size != size:
            raise ValueError(f"{name} is damaged")


def _sizes(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def _last_version(index_dir: Path) -> versions.Reader | None:
    """Open the version in use, so that its parts can be reused; None when there is no complete one."""
    try:
        return open_index(index_dir).reader
    except versions.IndexUnavailable:
        return None


def _record(folder: Path) -> dict[str, Any] | None:
    """Return the inputs that a version was built from, or None when they are unreadable."""
    try:
        record: dict[str, Any] = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record


def _refuse_repeated_slugs(pages: Sequence[Page]) -> None:
    repeated = [slug for slug, count in Counter(page.slug for page in pages).items() if count > 1]
    if repeated:
        raise ValueError(
            f"Two pages have one name: {', '.join(sorted(repeated)[:5])}. Nothing was indexed; rename one."
        )


def _silent(_what: str, _done: int, _total: int) -> None:
    """Ignore progress."""
