import logging
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bot.installation.embedding.build import build
from bot.installation.embedding.weights import Tensor, genuine_files, read_safetensors
from knowledge_base.embedder import MAX_TOKENS, Embedder, model_folder

ROOT = Path(__file__).parents[2]
SENTENCES = [
    "How do I reprint an invoice?",
    "Print a bill again",
    "Restore the company file from last night's backup",
    "x",
    "Where do I see who is logged on, and can I make one of them log off without losing their work? " * 3,
]


def _normalised(x: Tensor, weights: dict[str, Tensor], key: str) -> Tensor:
    centred = x - x.mean(-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
    normalised: Tensor = scaled * weights[f"{key}.weight"] + weights[f"{key}.bias"]
    return normalised


def _dense(x: Tensor, weights: dict[str, Tensor], key: str) -> Tensor:
    return x @ weights[f"{key}.weight"].T + weights[f"{key}.bias"]


def _forward(ids: list[int], weights: dict[str, Tensor]) -> Tensor:
    """The model written a second time in plain NumPy, for one sentence and hence without a mask."""
    erf = np.vectorize(math.erf, otypes=[np.float32])
    x = weights["embeddings.word_embeddings.weight"][ids]
    x = x + weights["embeddings.position_embeddings.weight"][: len(ids)]
    x = _normalised(x + weights["embeddings.token_type_embeddings.weight"][0], weights, "embeddings.LayerNorm")
    for layer in range(6):
        key = f"encoder.layer.{layer}"
        query, keys, values = (
            _dense(x, weights, f"{key}.attention.self.{part}").reshape(-1, 12, 32).swapaxes(0, 1)
            for part in ("query", "key", "value")
        )
        scores = query @ keys.swapaxes(1, 2) / math.sqrt(32)
        share = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (share / share.sum(-1, keepdims=True)) @ values
        mixed = mixed.swapaxes(0, 1).reshape(len(ids), 384)
        x = _normalised(
            _dense(mixed, weights, f"{key}.attention.output.dense") + x,
            weights,
            f"{key}.attention.output.LayerNorm",
        )
        wide = _dense(x, weights, f"{key}.intermediate.dense")
        wide = wide * 0.5 * (1 + erf(wide / math.sqrt(2)))
        x = _normalised(_dense(wide, weights, f"{key}.output.dense") + x, weights, f"{key}.output.LayerNorm")
    mean = x.mean(0)
    unit: Tensor = mean / np.linalg.norm(mean)
    return unit


def test_graph_computes_what_a_plain_numpy_forward_pass_computes(embedder: Embedder) -> None:
    weights = read_safetensors(genuine_files()[0])
    batched = embedder.embed(SENTENCES)
    for sentence, vector in zip(SENTENCES, batched, strict=True):
        expected = _forward(embedder._tokenizer.encode(sentence).ids, weights)
        assert float(expected @ vector) >= 0.9999


def test_sentences_that_mean_the_same_lie_closer_than_others(embedder: Embedder) -> None:
    triples = [
        ("How do I reprint an invoice?", "Print a bill again", "Restore a backup"),
        ("I cannot sign in", "My password is refused", "Change the paper size"),
        ("The program is very slow", "Quillbook takes minutes to open", "Add a supplier"),
        ("We moved to a new server", "Transfer the company file to another computer", "VAT return"),
    ]
    for question, near, far in triples:
        a, b, c = embedder.embed([question, near, far])
        assert a @ b > a @ c + 0.15


def test_rows_are_unit_length_float32_in_the_order_given(embedder: Embedder) -> None:
    vectors = embedder.embed(SENTENCES * 10)
    assert vectors.shape == (50, 384) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.allclose(vectors[:5], embedder.embed(SENTENCES), atol=1e-5)
    assert np.allclose(vectors[:5], vectors[-5:], atol=1e-5)


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


def test_progress_counts_every_text_once(embedder: Embedder) -> None:
    done: list[int] = []
    embedder.embed(["a sentence"] * 400, progress=done.append)
    assert sum(done) == 400 and len(done) > 1


@pytest.mark.parametrize("text", ["", " ", "\ud800 lone surrogate", "\x00\x1b[31m", "請求書を印刷する", "x" * 10**6])
def test_any_text_has_a_finite_unit_vector(embedder: Embedder, text: str) -> None:
    (vector,) = embedder.embed([text])
    assert np.isfinite(vector).all() and abs(float(np.linalg.norm(vector)) - 1) < 1e-4


def test_text_past_the_limit_does_not_count(embedder: Embedder) -> None:
    start = "invoice " * (MAX_TOKENS + 10)
    a, b = embedder.embed([start, start + "and a wholly different ending about backups"])
    assert np.allclose(a, b, atol=1e-6)


def test_absent_model_is_none_with_one_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert Embedder.load(tmp_path) is None
    (record,) = caplog.records
    assert "has not been built" in record.getMessage() and "make setup" in record.getMessage()


@pytest.mark.parametrize("name", ["model.onnx", "words.bin", "tokenizer.json", "embedding.json"])
def test_damaged_model_is_none_with_one_warning_and_build_repairs_it(
    name: str, model_home: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(model_folder(model_home), model_folder(tmp_path))
    (model_folder(tmp_path) / name).write_bytes((model_folder(tmp_path) / name).read_bytes()[:-7])
    with caplog.at_level(logging.WARNING):
        assert Embedder.load(tmp_path) is None
    assert len(caplog.records) == 1
    build(tmp_path)
    repaired = Embedder.load(tmp_path)
    assert repaired is not None and len(repaired.embed(["x"])) == 1


def test_second_build_leaves_a_whole_model_alone(model_home: Path) -> None:
    before = (model_folder(model_home) / "model.onnx").stat().st_mtime_ns
    build(model_home)
    assert (model_folder(model_home) / "model.onnx").stat().st_mtime_ns == before


def test_nothing_is_noted_down_for_the_makers_of_the_runtime(tmp_path: Path, model_home: Path) -> None:
    """It would keep a number of this machine under the user's folder and report to them."""
    load = "import sys, pathlib; from knowledge_base import embedder; embedder.Embedder.load(pathlib.Path(sys.argv[1]))"
    environ = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path)}
    environ.pop("ORT_DISABLE_TELEMETRY", None)
    ended = subprocess.run(
        [sys.executable, "-c", load, str(model_home)], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    assert list(tmp_path.iterdir()) == [] and "telemetry" not in ended.stderr
