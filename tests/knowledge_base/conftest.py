"""What several tests of the knowledge base share: one built model for the whole run."""

from pathlib import Path

import pytest

from bot.installation.embedding.build import build
from knowledge_base.embedder import Embedder
from tests.support import prepared


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
