"""Keep the search index true to the manual."""

import os

from bot.installation.manual_pages import manual_pages
from bot.settings import Settings, load_support
from knowledge_base.embedder import Embedder
from knowledge_base.index import Built, Progress, build


def index(settings: Settings, progress: Progress | None = None) -> Built:
    """Bring the index to the manual as it is now; does next to nothing when it is there already.

    Raises SettingsError, PageUnreadable, versions.AnotherBuilder.
    """
    pages = manual_pages(settings.home, load_support(settings.home))
    embedder = Embedder.load(settings.home, threads=os.cpu_count() or 1)
    return build(pages, settings.home / "index", embedder, progress)
