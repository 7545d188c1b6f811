"""Store imported sources and every version of their pages.

manual_sources/sync.lock            held by the one process that imports
manual_sources/own_manual           a source was removed: the demo manual stays away
manual_sources/ID/source.json       the record: a folder, a site, or uploaded files
manual_sources/ID/files/            uploaded files
manual_sources/ID/pictures/         the pictures of all versions, named by their content
manual_sources/ID/wanted            an import has been requested
manual_sources/ID/versions/TIME/    pages.jsonl and report.json, written once
manual_sources/ID/current           the version that is shown and searched; replaced in one step
"""

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from knowledge_base.pages import Page, Section

FOLDER = "manual_sources"
KEPT_VERSIONS = 5
DEEPEST_FOLDER = 20
LONGEST_PATH = 400
PICTURES_ADDRESS = "/manual/pictures/"
_PICTURE_DIGITS = 24
_PICTURE = re.compile(rf"[0-9a-f]{{{_PICTURE_DIGITS}}}\.(?:png|jpg|gif|webp)")
Kind = Literal["folder", "site", "files"]
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
# Says that the installation has had a manual of its own.
_OWN = "own_manual"
_NOT_IN_NAME = re.compile(r"[^a-z0-9]+")


class SourceError(ValueError):
    """An operation on a source failed; the message says why, and what was kept."""


class AnotherImport(RuntimeError):
    """Another process is importing at this moment."""


@dataclass(frozen=True)
class Source:
    """One origin of pages.

    ``location`` is a folder's path or a site's address. ``base_url`` is the published address of a folder's files.
    ``held``: an earlier version was restored, so nothing is imported until somebody requests it. ``include`` and
    ``exclude`` are patterns of paths (knowledge_base/importers/patterns.py).
    """

    id: str
    name: str
    kind: Kind
    location: str
    base_url: str | None = None
    private_addresses: bool = False
    held: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """The result of an import. ``refused`` holds (name, reason); ``failure`` says why nothing was published."""

    at: datetime
    pages: int
    sections: int
    refused: list[tuple[str, str]]
    seconds: float
    failure: str | None = None


class Library:
    """The sources below TECHREF_HOME."""

    def __init__(self, home: Path) -> None:
        self._root = home / FOLDER

    def sources(self) -> list[Source]:
        """Return all sources in the order of their ids; one with an unreadable record is left out."""
        found = []
        for path in sorted(self._root.glob("*/source.json")):
            try:
                found.append(_source(json.loads(path.read_text(encoding="utf-8"))))
            except (OSError, ValueError, TypeError):
                continue
        return found

    def source(self, source_id: str) -> Source:
        """Return the source of that id. Raises SourceError."""
        for source in self.sources():
            if source.id == source_id:
                return source
        raise SourceError(f"There is no source {source_id[:40]!r}. `techref kb sources` lists them.")

    def add(
        self,
        name: str,
        kind: Kind,
        location: str,
        base_url: str | None = None,
        private_addresses: bool = False,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
    ) -> Source:
        """Add a source and return it; the same folder or site keeps its id and gets the new settings."""
        given = Source("", name, kind, location, base_url, private_addresses, False, tuple(include), tuple(exclude))
        for known in self.sources():
            if kind != "files" and (known.kind, known.location) == (kind, location):
                return self._record(replace(given, id=known.id, held=known.held))
        source_id = self._free_id(name)
        (self._root / source_id / "versions").mkdir(parents=True)
        return self._record(replace(given, id=source_id))

    def add_upload(self, name: str, base_url: str | None = None) -> Source:
        """Add a source for uploaded files and return it.

        One of the same name is emptied of its files for those of the next version; its pages stay until they are
        imported.
        """
        known = next((one for one in self.sources() if one.kind == "files" and one.name == name), None)
        if known is None:
            return self.add(name, "files", "", base_url)
        shutil.rmtree(self.files(known), ignore_errors=True)
        return self._record(replace(known, base_url=base_url))

    def remove(self, source: Source) -> None:
        """Delete the source and all its versions; that a manual was imported once stays known."""
        if self.current(source):
            _write(self._root / _OWN, b"")
        shutil.rmtree(self._root / source.id)

    def was_used(self) -> bool:
        """Return True once a manual was imported, also when its source was removed since."""
        return (self._root / _OWN).exists() or any(self.current(source) for source in self.sources())

    def allow_demo(self) -> None:
        """Let the demo product's manual be shown again when no source is left."""
        (self._root / _OWN).unlink(missing_ok=True)

    def store_file(self, source: Source, name: str, content: bytes) -> str:
        """Store an uploaded file, replacing one of the same path; return the path under which it is stored.

        ``name`` may be a path in the folder that was uploaded, with slashes.
        """
        kept = _file_path(name)
        file = self.files(source) / kept
        file.parent.mkdir(parents=True, exist_ok=True)
        _write(file, content)
        return kept

    def files(self, source: Source) -> Path:
        """Return the folder of a source's uploaded files."""
        return self._root / source.id / "files"

    def store_picture(self, source: Source, content: bytes, ending: str) -> str:
        """Store a picture of the source's pages; return the address at which the manual's site shows it."""
        name = f"{hashlib.sha256(content).hexdigest()[:_PICTURE_DIGITS]}{ending}"
        file = self._root / source.id / "pictures" / name
        if not file.exists():
            file.parent.mkdir(exist_ok=True)
            _write(file, content)
        return f"{PICTURES_ADDRESS}{source.id}/{name}"

    def picture(self, source_id: str, name: str) -> Path | None:
        """Return the file of a picture by the parts of its address; None when there is none."""
        if not _ID.fullmatch(source_id) or not _PICTURE.fullmatch(name):
            return None
        file = self._root / source_id / "pictures" / name
        return file if file.is_file() else None

    def request_import(self, source: Source) -> None:
        """Request an import, by the next process that imports."""
        self._record(replace(source, held=False))
        (self._root / source.id / "wanted").touch()

    def is_requested(self, source: Source) -> bool:
        return (self._root / source.id / "wanted").exists()

    def clear_request(self, source: Source) -> None:
        """Clear the request for an import."""
        (self._root / source.id / "wanted").unlink(missing_ok=True)

    def publish(self, source: Source, pages: Sequence[Page], report: Report) -> None:
        """Publish a new version, and remove older ones beyond the last five."""
        folder = self._versions(source) / f"{report.at.astimezone(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
        folder.mkdir(parents=True)
        _write(folder / "pages.jsonl", "\n".join(json.dumps(asdict(page)) for page in pages).encode())
        self._report(folder / "report.json", report)
        self._report(self._root / source.id / "last.json", report)
        _write(self._root / source.id / "current", folder.name.encode())
        for old in self.versions(source)[:-KEPT_VERSIONS]:
            shutil.rmtree(self._versions(source) / old)
        self._drop_unused_pictures(source)

    def record_failure(self, source: Source, report: Report) -> None:
        """Store the report of an import that was not published; the version in use stays."""
        self._report(self._root / source.id / "last.json", report)

    def last_report(self, source: Source) -> Report | None:
        """Return the report of the last import, also of a failed one; None before the first."""
        return _read_report(self._root / source.id / "last.json")

    def versions(self, source: Source) -> list[str]:
        """Return the names of the versions that can be restored, the oldest first."""
        return sorted(path.parent.name for path in self._versions(source).glob("*/report.json"))

    def report_of(self, source: Source, version: str) -> Report | None:
        """Return the report of a version's import."""
        return _read_report(self._versions(source) / version / "report.json")

    def current(self, source: Source) -> str | None:
        """Return the version in use; None before the first import."""
        try:
            return (self._root / source.id / "current").read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return None

    def roll_back(self, source: Source, version: str | None = None) -> str:
        """Restore an earlier version, the one before the current or the one named, and stop nightly imports.

        Raises SourceError when there is none.
        """
        versions = self.versions(source)
        current = self.current(source)
        earlier = versions[: versions.index(current)] if current in versions else []
        target = version or (earlier[-1] if earlier else None)
        if target is None or target not in versions:
            raise SourceError(f"{source.name} has no {'such' if version else 'earlier'} version. Nothing was changed.")
        self._record(replace(source, held=True))
        self.clear_request(source)
        _write(self._root / source.id / "current", target.encode())
        return target

    def pages(self) -> list[Page]:
        """Return the pages of all sources' current versions. Raises SourceError for an unreadable version."""
        return [page for source in self.sources() for page in self.pages_of(source)]

    def pages_of(self, source: Source) -> list[Page]:
        """Return the pages of the current version."""
        current = self.current(source)
        if current is None:
            return []
        try:
            lines = (self._versions(source) / current / "pages.jsonl").read_text(encoding="utf-8").split("\n")
            return [_page(json.loads(line)) for line in lines if line]
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise SourceError(
                f"The imported pages of {source.name} cannot be read ({type(error).__name__}). Import it again: "
                f"techref kb sync {source.id}"
            ) from error

    def stamp(self) -> str:
        """Return a value that changes when other pages are published; costs a look at a few small files."""
        return ";".join(f"{source.id}={self.current(source)}" for source in self.sources())

    @contextmanager
    def import_lock(self) -> Iterator[None]:
        """Hold the import lock. Raises AnotherImport at once when another process holds it."""
        self._root.mkdir(parents=True, exist_ok=True)
        with (self._root / "sync.lock").open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AnotherImport(
                    "Another import is running at this moment. Nothing was changed; try again."
                ) from None
            yield

    def is_importing(self) -> bool:
        """Return True while an import is running."""
        try:
            with self.import_lock():
                return False
        except AnotherImport:
            return True

    def _drop_unused_pictures(self, source: Source) -> None:
        shown = {
            name for file in self._versions(source).glob("*/pages.jsonl") for name in _PICTURE.findall(file.read_text())
        }
        for picture in (self._root / source.id / "pictures").glob("*"):
            if picture.name not in shown:
                picture.unlink()

    def _versions(self, source: Source) -> Path:
        return self._root / source.id / "versions"

    def _record(self, source: Source) -> Source:
        _write(self._root / source.id / "source.json", json.dumps(asdict(source)).encode())
        return source

    def _report(self, path: Path, report: Report) -> None:
        _write(path, json.dumps({**asdict(report), "at": report.at.isoformat()}).encode())

    def _free_id(self, name: str) -> str:
        base = ascii_name(name)[:30].strip("-") or "manual"
        taken = {path.name for path in self._root.glob("*")}
        candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, 10_000))
        return next(one for one in candidates if one not in taken and _ID.fullmatch(one))


def ascii_name(text: str) -> str:
    """Return a slug: lower case, no accents, dashes; empty when nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NOT_IN_NAME.sub("-", plain).strip("-")


def _file_path(name: str) -> str:
    """Return a path that stays within its folder, each part of it a plain name. Raises SourceError."""
    # A browser separates folders by slashes; backslashes are of a path on somebody's own machine.
    *folders, last = name.rpartition("\\")[2].split("/")
    kept = [_plain_name(folder) for folder in folders]
    path = "/".join([*filter(None, kept), _file_name(last)])
    if len(kept) > DEEPEST_FOLDER or len(path) > LONGEST_PATH:
        raise SourceError(f"{last[:80]!r} lies too deep in folders. Nothing was kept of it.")
    return path


def _plain_name(name: str) -> str:
    """Return a name without control characters and leading dots; letters beyond ASCII stay."""
    return "".join(character for character in name if character.isprintable()).strip(" .")


def _file_name(name: str) -> str:
    kept = _plain_name(name)
    if not kept:
        raise SourceError("The file has no name. Nothing was kept of it; give it one and try again.")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:100]}{dot}{ending[:10]}" if stem else kept[:100]


def _source(record: dict[str, Any]) -> Source:
    return Source(
        **{**record, "include": tuple(record.get("include", ())), "exclude": tuple(record.get("exclude", ()))}
    )


def _page(record: dict[str, Any]) -> Page:
    sections = tuple(Section(**section) for section in record.pop("sections"))
    return Page(sections=sections, **record)


def _read_report(path: Path) -> Report | None:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        refused = [(str(name), str(reason)) for name, reason in record.pop("refused")]
        return Report(at=datetime.fromisoformat(record.pop("at")), refused=refused, **record)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _write(path: Path, content: bytes) -> None:
    """Replace a file atomically and flush it to the disk."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
