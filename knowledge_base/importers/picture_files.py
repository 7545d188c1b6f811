"""Find the files of pictures that pages name: below the same folder, or on the same site."""

import posixpath
import time
from pathlib import Path
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from knowledge_base.importers.document import NotImported
from knowledge_base.importers.pictures import LARGEST_PICTURE, Fetch
from knowledge_base.importers.web import Site

# Of one import: what is beyond stays out, and its pages show the text instead.
MOST_OF_A_SITE = 2_000
SECONDS_FOR_A_SITE = 900.0
MOST_BYTES = 1_000_000_000


def in_folder(folder: Path) -> Fetch:
    """Return how a picture is found by its path from a document of the folder; an absolute one is from the folder."""

    def fetch(name: str, source: str) -> bytes | None:
        parts = _split(source)
        if parts is None or parts.scheme or parts.netloc:
            return None
        path = unquote(parts.path)
        beside = posixpath.dirname(name) if not path.startswith("/") else ""
        inside = posixpath.normpath(posixpath.join(beside, path.lstrip("/")))
        file = folder / inside
        if inside.startswith("..") or file.is_symlink() or not _is_below(file, folder):
            return None
        try:
            return file.read_bytes() if file.is_file() and file.stat().st_size <= LARGEST_PICTURE else None
        except OSError:
            return None

    return _bounded(fetch)


def on_site(site: Site) -> Fetch:
    """Return how a picture is fetched from the site of a page; ``name`` is the page's address."""
    fetched: dict[str, bytes | None] = {}
    until = time.monotonic() + SECONDS_FOR_A_SITE

    def fetch(name: str, source: str) -> bytes | None:
        if _split(source) is None:
            return None
        address = urljoin(name, source)
        if address not in fetched:
            if len(fetched) >= MOST_OF_A_SITE or time.monotonic() > until or not site.holds(address):
                return None
            try:
                fetched[address] = site.fetch(address, LARGEST_PICTURE).content
            except NotImported:
                fetched[address] = None
        return fetched[address]

    return _bounded(fetch)


def _bounded(fetch: Fetch) -> Fetch:
    left = MOST_BYTES

    def bounded(name: str, source: str) -> bytes | None:
        nonlocal left
        content = fetch(name, source) if left > 0 else None
        left -= len(content or b"")
        return content

    return bounded


def _is_below(file: Path, folder: Path) -> bool:
    return file.resolve().is_relative_to(folder.resolve())


def _split(source: str) -> SplitResult | None:
    try:
        return urlsplit(source)
    except ValueError:
        return None
