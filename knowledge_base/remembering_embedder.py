"""An embedder that remembers the last texts: a turn embeds the same sentences for several look-ups."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from knowledge_base.embedder import DIMENSIONS, MAX_TOKENS, Embedder, Vectors

REMEMBERED = 128
# More texts than this at once are a manual that is indexed.
MOST_AT_ONCE = 16
# A text has no more tokens than characters, and two that begin and end it.
OWN_TOKENS = 2

Key = tuple[str, int]


class RememberingEmbedder(Embedder):
    """Returns what an Embedder returns; several threads may use it at once."""

    def __init__(self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer) -> None:
        super().__init__(session, tokenizer)
        self._vectors: OrderedDict[Key, Vectors] = OrderedDict()
        self._changing = threading.Lock()

    def embed(
        self,
        texts: Sequence[str],
        progress: Callable[[int], None] | None = None,
        max_tokens: int = MAX_TOKENS,
    ) -> Vectors:
        """Return one row per text, as ``Embedder.embed``, embedding only those that are not remembered."""
        if len(texts) > MOST_AT_ONCE:
            return super().embed(texts, progress, max_tokens)
        keys = [_key(text, max_tokens) for text in texts]
        found = {key: vector for key in keys if (vector := self._vectors.get(key)) is not None}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        if missing:
            made = super().embed(list(missing.values()), None, max_tokens)
            found |= zip(missing, made, strict=True)
            self._remember(dict(zip(missing, made, strict=True)))
        if progress:
            progress(len(texts))
        return np.stack([found[key] for key in keys]) if keys else np.empty((0, DIMENSIONS), np.float32)

    def _remember(self, made: dict[Key, Vectors]) -> None:
        with self._changing:
            self._vectors.update(made)
            while len(self._vectors) > REMEMBERED:
                self._vectors.popitem(last=False)


def _key(text: str, max_tokens: int) -> Key:
    """Return what decides the vector: the text, and where it is cut if it may be. Blanks around it are no tokens."""
    text = text.strip()
    return text, max_tokens if len(text) + OWN_TOKENS > max_tokens else MAX_TOKENS
