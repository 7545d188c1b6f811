"""Keep the search index up to date with the manual."""

import os
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from bot.installation.manual_pages import manual_pages, manual_stamp, manuals
from bot.services.manual.manual_place import manual_place
from bot.settings.env.settings import Settings
from bot.settings.support.load import load_support
from bot.settings.support.support import Support
from knowledge_base.embedder import Embedder, model_fault, model_folder
from knowledge_base.index import BuildResult, Progress, build_index
from knowledge_base.words import synonym_groups

BUILT_FROM = "built_from"


def index_manual(settings: Settings, progress: Progress | None = None) -> BuildResult:
    """Index the current manual, or that of each product; do next to nothing when the index is up to date.

    Raises SettingsError, PageUnreadable, SourceError, versions.AnotherBuilder.
    """
    support = load_support(settings.home)
    embedder = Embedder.load(settings.home, threads=os.cpu_count() or 1)
    return _together([_index(settings.home, one, embedder, progress) for one in manuals(support)])


def index_is_stale(home: Path, support: Support) -> bool:
    """Return True when a manual, or what it shows of the settings, has changed since it was indexed."""
    return any(_is_stale(home, one) for one in manuals(support))


def _index(home: Path, support: Support, embedder: Embedder | None, progress: Progress | None) -> BuildResult:
    # Read first: a change during the build must be noticed afterwards.
    stamp = _stamp(home, support)
    pages = manual_pages(home, support)
    folder = manual_place(home, support) / "index"
    built = build_index(pages, folder, embedder, progress, synonym_groups(support.synonyms))
    (folder / BUILT_FROM).write_text(stamp, encoding="utf-8")
    return built


def _together(results: Sequence[BuildResult]) -> BuildResult:
    names = [field.name for field in fields(BuildResult)]
    return BuildResult(**{name: sum(getattr(one, name) for one in results) for name in names})


def _is_stale(home: Path, support: Support) -> bool:
    try:
        written = (manual_place(home, support) / "index" / BUILT_FROM).read_text(encoding="utf-8")
    except OSError:
        return True
    return written != _stamp(home, support)


def _stamp(home: Path, support: Support) -> str:
    """Return a value that changes with the manual, and once there is an embedding to index its meaning with."""
    searched_by = "meaning" if model_fault(model_folder(home)) is None else "words"
    return f"{manual_stamp(home, support)}|{searched_by}"
