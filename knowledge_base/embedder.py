"""Sentence embedding: encode a sentence as 384 numbers, so that sentences of similar meaning have a high cosine.

Used by the search index and by the dialogue engine. Loading needs only numpy (1.26 or 2), onnxruntime and tokenizers,
because the engine's environment has nothing else. bot.installation.embedding builds the model file.
"""

import base64
import ctypes
import hashlib
import json
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

# It would assign this machine an id, keep it in the home folder and report to its makers.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

log = logging.getLogger(__name__)

DIMENSIONS = 384
# The model was trained on sentences of up to 256 tokens; longer input is truncated.
MAX_TOKENS = 256
# No 256 tokens of real text are longer than this; it keeps a pasted log file from being tokenised whole.
MAX_CHARACTERS = 8_000
# Tokens per batch: enough to fill the model, few enough to stay in the processor's cache.
BATCH_TOKENS = 1_024
# Raise it when build_graph changes, so that set-up rebuilds the file.
GRAPH_VERSION = 2
WORDS_FILE = "words.bin"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
MODEL = f"all-MiniLM-L6-v2/{GRAPH_VERSION}"

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Embedded:
    """A text with its embedding, made by another process: base64 of 384 little-endian float32 on the wire."""

    text: str
    vector: Vectors

    def is_of(self, text: str) -> bool:
        """Return whether this is the embedding of ``text``, however its words are spaced."""
        return self.text.split() == text.split()

    def as_json(self) -> dict[str, str]:
        """Return the text and the vector in base64."""
        vector = base64.b64encode(self.vector.astype("<f4").tobytes()).decode("ascii")
        return {"text": self.text, "vector": vector}

    @classmethod
    def of_json(cls, value: dict[str, str]) -> "Embedded":
        """Parse what ``as_json`` returns; raise ValueError or KeyError for anything else."""
        vector = np.frombuffer(base64.b64decode(value["vector"], validate=True), dtype="<f4")
        if vector.shape != (DIMENSIONS,):
            raise ValueError(f"an embedding of {vector.size} numbers")
        return cls(value["text"], vector.astype(np.float32))


def model_folder(home: Path) -> Path:
    """Return the folder of the model under TECHREF_HOME."""
    return home / "embedding"


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, read in blocks, as hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def model_fault(target: Path) -> str | None:
    """Return what is wrong with the model built in the folder ``target``, or None when it is whole."""
    try:
        record = json.loads((target / "embedding.json").read_text())
        if record["graph_version"] != GRAPH_VERSION:
            return "was built by another version of TechRef"
        for name in ("model.onnx", WORDS_FILE):
            if sha256_of(target / name) != record["sha256"][name]:
                return f"is damaged ({name} does not match its recorded hash)"
        if sha256_of(target / "tokenizer.json") != TOKENIZER_SHA256:
            return "is damaged (tokenizer.json does not match its recorded hash)"
    except FileNotFoundError:
        return "has not been built"
    except (OSError, ValueError, KeyError, TypeError) as error:
        return f"cannot be read ({type(error).__name__})"
    return None


def _give_back_memory() -> None:
    """Return freed memory to the system: loading needs some 20 MB for a moment, which glibc would keep."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


class Embedder:
    """The loaded model. Safe to call from several threads at once."""

    def __init__(self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer) -> None:
        self._session = session
        self._tokenizer = tokenizer

    @classmethod
    def load(cls, home: Path, threads: int = 2) -> "Embedder | None":
        """Load the model under TECHREF_HOME; return None with one warning when it is absent or damaged.

        `threads` is the number of cores that one call may use. Two make a long question a third quicker.
        """
        target = model_folder(home)
        if fault := model_fault(target):
            log.warning(
                "The sentence embedding in %s %s. Search goes on by words alone, which finds less. "
                "Run `make setup` to build it.",
                target,
                fault,
            )
            return None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Idle worker threads would otherwise spin and take the cores from the other processes.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        session = onnxruntime.InferenceSession(str(target / "model.onnx"), options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(target / "tokenizer.json"))
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.no_padding()
        _give_back_memory()
        return cls(session, tokenizer)

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, at most 256: the cost of embedding it."""
        return [len(self._tokenizer.encode(_clean(text)).ids) for text in texts]

    def knows_word(self, word: str) -> bool:
        """Return True for a word in lower case that is one token of the model: common in English."""
        return self._tokenizer.token_to_id(word) is not None

    def embed(
        self,
        texts: Sequence[str],
        progress: Callable[[int], None] | None = None,
        max_tokens: int = MAX_TOKENS,
    ) -> Vectors:
        """Return one unit-length row of 384 float32 per text, in the order given.

        Tokens past `max_tokens` are ignored. `progress` is called with the number of texts just done.
        """
        tokens = [_cut(self._tokenizer.encode(_clean(text)).ids, max_tokens) for text in texts]
        vectors = np.empty((len(tokens), DIMENSIONS), np.float32)
        # Sentences of similar length share a batch, so that little time goes into padding.
        order = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
        while order:
            size = max(1, BATCH_TOKENS // len(tokens[order[-1]]))
            rows, order = order[-size:], order[:-size]
            vectors[rows] = self._run([tokens[row] for row in rows])
            if progress:
                progress(len(rows))
        return vectors

    def _run(self, batch: list[list[int]]) -> Vectors:
        shape = (len(batch), max(len(ids) for ids in batch))
        ids, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, sentence in enumerate(batch):
            ids[row, : len(sentence)] = sentence
            mask[row, : len(sentence)] = 1
        (vectors,) = self._session.run(["embedding"], {"input_ids": ids, "attention_mask": mask})
        return np.asarray(vectors, dtype=np.float32)


def _cut(ids: list[int], limit: int) -> list[int]:
    """Return the first tokens with the closing one."""
    return ids if len(ids) <= limit else ids[: limit - 1] + ids[-1:]


def _clean(text: str) -> str:
    """Return bounded text without lone surrogates, which the tokenizer cannot encode."""
    return text[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
