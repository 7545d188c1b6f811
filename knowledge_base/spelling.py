"""Correct typing errors in a question: a word that the manual does not know, one edit away from one that it does."""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

import threading

from whoosh.spelling import Corrector

from knowledge_base.embedder import Embedder
from knowledge_base.open_index import OpenIndex
from knowledge_base.words import tokenise_with_offsets

SHORTEST_WORD = 5
MOST_WORDS = 3
# Typing errors matter in short questions; a long message has enough correct words.
MOST_CHARACTERS = 400


class SpellingCorrector:
    """Suggestions from the words of one index version. Safe to use from several threads.

    A word that the embedding knows is no typing error, even when the manual lacks it: "Paris" is not "parts".
    """

    def __init__(self, index: OpenIndex, embedder: Embedder | None) -> None:
        self._index = index
        self._embedder = embedder
        self._reading = threading.Lock()
        self._reader = index.whoosh.reader()
        self._corrector: Corrector = self._reader.corrector("spelling")

    def correct(self, question: str) -> str | None:
        """Return the question with likely typing errors corrected; None when there are none."""
        parts: list[str] = []
        done = replaced = 0
        for known, start, end in tokenise_with_offsets(question[:MOST_CHARACTERS]):
            if replaced == MOST_WORDS:
                break
            if not self._index.words.knows(known) and (meant := self._meant(question[start:end].lower())):
                parts += [question[done:start], meant]
                done = end
                replaced += 1
        return "".join([*parts, question[done:]]) if replaced else None

    def _meant(self, word: str) -> str | None:
        if len(word) < SHORTEST_WORD or not word.isalpha() or (self._embedder and self._embedder.knows_word(word)):
            return None
        with self._reading:
            for place in range(len(word) - 1):
                swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
                if ("spelling", swapped) in self._reader:
                    return swapped
            # Most typing errors spare the first letter; looking only there keeps a look-up within a millisecond.
            found = self._corrector.suggest(word, limit=1, maxdist=1, prefix=1)
        return found[0] if found else None
