"""Keep the search index up to date with the manual."""

import os
from pathlib import Path

from bot.installation.manual_pages import manual_pages, manual_stamp
from bot.settings.env.settings import Settings
from bot.settings.support.load import load_support
from bot.settings.support.support import Support
from knowledge_base.embedder import Embedder
from knowledge_base.index import BuildResult, Progress, build_index
from knowledge_base.words import synonym_groups

BUILT_FROM = "built_from"


def index_manual(settings: Settings, progress: Progress | None = None) -> BuildResult:
    """Index the current manual; do next to nothing when the index is up to date.

    Raises SettingsError, PageUnreadable, SourceError, versions.AnotherBuilder.
    """
    # Read first: a change during the build must be noticed afterwards.
    support = load_support(settings.home)
    stamp = manual_stamp(settings.home, support)
    pages = manual_pages(settings.home, support)
    embedder = Embedder.load(settings.home, threads=os.cpu_count() or 1)
    synonyms = synonym_groups(support.synonyms)
    built = build_index(pages, settings.home / "index", embedder, progress, synonyms)
    (settings.home / "index" / BUILT_FROM).write_text(stamp, encoding="utf-8")
    return built


def index_is_stale(home: Path, support: Support) -> bool:
    """Return True when the manual, or what it shows of the settings, has changed since it was indexed."""
    try:
        return (home / "index" / BUILT_FROM).read_text(encoding="utf-8") != manual_stamp(home, support)
    except OSError:
        return True
