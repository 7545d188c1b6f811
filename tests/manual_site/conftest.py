"""The real manual, indexed once for the whole run by words alone."""

from pathlib import Path

import pytest

from knowledge_base.index import build_index
from knowledge_base.pages import read_manual
from knowledge_base.search import open_search
from tests.manual_site.site import Manual

FOLDER = Path("knowledge_base/manual")


@pytest.fixture(scope="session")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Manual:
    index_dir = tmp_path_factory.mktemp("manual") / "index"
    pages = read_manual(FOLDER)
    build_index(pages, index_dir, None)
    return Manual(pages, open_search(index_dir, None))
