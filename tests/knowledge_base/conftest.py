"""What several tests of the knowledge base share: one built model, and one index of the demo product's whole manual."""

from pathlib import Path

import pytest

from bot.installation.embedding.build import build
from knowledge_base.embedder import Embedder
from knowledge_base.index import build_index
from knowledge_base.pages import read_manual
from knowledge_base.search import Search, open_search
from tests.support import prepared

MANUAL = Path(__file__).parents[2] / "knowledge_base/manual"


@pytest.fixture(scope="session")
def model_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A TECHREF_HOME that holds the genuine sentence embedding: set-up's, or built once."""
    home = tmp_path_factory.mktemp("home")
    prepared.embedding_of_set_up(home)
    build(home)
    return home


@pytest.fixture(scope="session")
def embedder(model_home: Path) -> Embedder:
    loaded = Embedder.load(model_home)
    assert loaded is not None
    return loaded


@pytest.fixture(scope="session")
def whole_manual(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Search:
    """Search by words and meaning in the fifty pages. It takes ten seconds to make, so who uses it is of one group."""
    folder = tmp_path_factory.mktemp("manual")
    build_index(read_manual(MANUAL), folder, embedder)
    return open_search(folder, embedder)
