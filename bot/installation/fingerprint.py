"""Fingerprint source files, to detect that a product made from them is stale."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def fingerprint(sources: Iterable[Path], base: Path) -> str:
    """Return a hash of the names and contents of all files in ``sources``; names are relative to ``base``.

    A folder means every file in it. A missing one counts as absent.
    """
    digest = hashlib.sha256()
    for path in sorted(set(_files(sources))):
        name = path.relative_to(base) if path.is_relative_to(base) else path.name
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(sources: Iterable[Path]) -> Iterable[Path]:
    for source in sources:
        if source.is_dir():
            yield from (path for path in source.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        elif source.exists():
            yield source
