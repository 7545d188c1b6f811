"""The last texts are embedded once, and what is returned is what the embedding says."""

from pathlib import Path

import numpy as np
import pytest

from knowledge_base.embedder import DIMENSIONS, Embedder
from knowledge_base.remembering_embedder import MOST_AT_ONCE, REMEMBERED, RememberingEmbedder


@pytest.fixture(scope="module")
def remembering(model_home: Path) -> RememberingEmbedder:
    loaded = RememberingEmbedder.load(model_home)
    assert isinstance(loaded, RememberingEmbedder)
    return loaded


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Texts that the model itself was asked for."""
    asked: list[str] = []
    embed = Embedder.embed

    def noted(self: Embedder, texts: list[str], *rest: object) -> object:
        asked.extend(texts)
        return embed(self, texts, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Embedder, "embed", noted)
    return asked


def test_vectors_are_those_of_the_embedding(
    remembering: RememberingEmbedder, embedder: Embedder, embedded: list[str]
) -> None:
    texts = ["Restore the backup", "print", "Restore the backup "]
    found = remembering.embed(texts)
    assert embedded == ["Restore the backup ", "print"]
    assert np.allclose(found, embedder.embed(texts), atol=1e-5)
    assert remembering.embed([]).shape == (0, DIMENSIONS)


def test_a_remembered_vector_cannot_be_changed_from_outside(remembering: RememberingEmbedder) -> None:
    first = remembering.embed(["where is the report?"])
    kept = first.copy()
    first[:] = 0
    assert np.array_equal(remembering.embed(["where is the report?"]), kept)


def test_a_text_that_is_cut_is_another_one(remembering: RememberingEmbedder, embedded: list[str]) -> None:
    long = "the invoice that was printed yesterday " * 3
    remembering.embed([long])
    remembering.embed([long], None, 8)
    remembering.embed([long], None, 8)
    assert len(embedded) == 2


def test_only_the_last_texts_are_remembered(remembering: RememberingEmbedder, embedded: list[str]) -> None:
    remembering.embed(["the first"])
    for start in range(0, REMEMBERED, MOST_AT_ONCE):
        remembering.embed([f"line {start + number}" for number in range(MOST_AT_ONCE)])
    embedded.clear()
    remembering.embed(["the first"])
    assert embedded == ["the first"]
