"""The vectors of all sections and of their sentences, an array each, memory-mapped by every process that searches."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from knowledge_base.embedder import DIMENSIONS, MODEL, Embedder, Vectors
from knowledge_base.pieces import Piece

VECTORS, SENTENCE_VECTORS = "vectors.npy", "sentence_vectors.npy"
# Two cores read about 5,000 tokens a second. A manual of 10,000 sections must be indexed within three
# minutes, so beyond this many tokens only the beginning of each section is read.
TOKEN_BUDGET = 600_000
SENTENCE_BUDGET = 300_000
_TOKEN_LIMITS = (256, 192, 128, 96, 80, 64, 48)


Progress = Callable[[str, int, int], None]


def embed_pieces(
    pieces: Sequence[Piece], version: Path, before: Path | None, embedder: Embedder | None, progress: Progress
) -> int:
    """Write the pieces' vectors to `version`, reusing those of the version before; return the number of new ones.

    Without an embedder no vectors are written, and search uses words alone.
    """
    if embedder is None:
        return 0
    return _embed([piece.embedded for piece in pieces], VECTORS, version, before, embedder, progress)


def embed_sentences(
    sentences: Sequence[str], version: Path, before: Path | None, embedder: Embedder | None, progress: Progress
) -> None:
    """Write the sentences' vectors to `version`; none of a manual that is too large to be read twice in the time."""
    if embedder is not None and sum(embedder.token_counts(sentences)) <= SENTENCE_BUDGET:
        _embed(sentences, SENTENCE_VECTORS, version, before, embedder, progress)


def _embed(
    texts: Sequence[str], name: str, version: Path, before: Path | None, embedder: Embedder, progress: Progress
) -> int:
    counts = embedder.token_counts(texts)
    limit = _limit(counts)
    keys = [_key(text, min(count, limit)) for text, count in zip(texts, counts, strict=True)]
    vectors = np.empty((len(texts), DIMENSIONS), np.float32)
    known = _known(before, name)
    new = [row for row, key in enumerate(keys) if key not in known]
    for row, key in enumerate(keys):
        if key in known:
            vectors[row] = known[key]
    done = 0

    def step(count: int) -> None:
        nonlocal done
        done += count
        progress("Reading for meaning", done, len(new))

    progress("Reading for meaning", 0, len(new))
    vectors[new] = embedder.embed([texts[row] for row in new], progress=step, max_tokens=limit)
    np.save(version / name, vectors)
    (version / _keys_file(name)).write_text(json.dumps(keys), encoding="ascii")
    return len(new)


def _keys_file(name: str) -> str:
    return f"{name}.keys.json"


def open_vectors(version: Path, name: str = VECTORS) -> Vectors | None:
    """Memory-map the vectors of a version; None when it was built without an embedder."""
    path = version / name
    return np.load(path, mmap_mode="r") if path.exists() else None


def _limit(counts: Sequence[int]) -> int:
    """Return the tokens to read of each section: all, unless the manual is very large."""
    for limit in _TOKEN_LIMITS:
        if sum(min(count, limit) for count in counts) <= TOKEN_BUDGET:
            return limit
    return _TOKEN_LIMITS[-1]


def _key(text: str, tokens: int) -> str:
    """Return the key of a vector: the model, the text, and the number of tokens read."""
    return f"{MODEL}:{hashlib.sha256(text.encode()).hexdigest()}:{tokens}"


def _known(before: Path | None, name: str) -> dict[str, Vectors]:
    """Return the vectors of the version before by key; none when it has none or they cannot be read."""
    if before is None or not (before / name).exists():
        return {}
    try:
        keys = json.loads((before / _keys_file(name)).read_text(encoding="ascii"))
        return dict(zip(keys, np.load(before / name, mmap_mode="r"), strict=True))
    except (OSError, ValueError):
        return {}
