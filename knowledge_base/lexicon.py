"""Word search: Whoosh's own BM25F scores, computed once per index instead of at every question.

Whoosh computes a score posting by posting in Python, which needs hundreds of milliseconds for a long question over
10,000 sections. A BM25F score is a sum over the question's words, and each word's share in each section is known when
the index is built. So the build stores the shares of Whoosh's scorer, and a question adds up some rows of them in
NumPy: same ranking, a thousandth of the time.
"""

import json
import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from whoosh.index import FileIndex
from whoosh.scoring import BM25F

from knowledge_base.words import Synonyms

K1 = 1.2
B = 0.75
# The body holds the heading's words too. docs/search.md has the measurements.
FIELD_WEIGHTS = {"body": 1.0, "title": 0.5, "heading": 0.25}

Scores = NDArray[np.float32]


def weighting() -> BM25F:
    """Return Whoosh's scorer with the constants above."""
    return BM25F(B=B, K1=K1)


def write_lexicon(index: FileIndex, synonyms: Synonyms, folder: Path) -> None:
    """Compute the shares of all words in all sections and write them to `folder`."""
    shares: dict[str, dict[int, float]] = {}
    with index.searcher(weighting=weighting()) as searcher:
        reader = searcher.reader()
        sections = reader.doc_count_all()
        for field, factor in FIELD_WEIGHTS.items():
            for word in reader.field_terms(field):
                row = shares.setdefault(word, {})
                matcher = searcher.postings(field, word)
                while matcher.is_active():
                    row[matcher.id()] = row.get(matcher.id(), 0.0) + factor * matcher.score()
                    matcher.next()
        rarity = [searcher.idf("body", word) for word in shares]
    lengths = [len(row) for row in shares.values()]
    flat = (item for row in shares.values() for item in row.items())
    pairs = np.fromiter(flat, dtype=[("section", np.int32), ("share", np.float32)], count=sum(lengths))
    np.save(folder / "sections.npy", np.ascontiguousarray(pairs["section"]))
    np.save(folder / "shares.npy", np.ascontiguousarray(pairs["share"]))
    np.save(folder / "starts.npy", np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]))
    np.save(folder / "rarity.npy", np.array(rarity, np.float32))
    record = {
        "words": list(shares),
        "sections": sections,
        "synonyms": {k: sorted(v) for k, v in synonyms.items()},
    }
    (folder / "words.json").write_text(json.dumps(record), encoding="utf-8")


class Lexicon:
    """The shares of one index version, opened for reading. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        record = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        self.size: int = record["sections"]
        self._number = {word: number for number, word in enumerate(record["words"])}
        self._synonyms: dict[str, list[str]] = record["synonyms"]
        self._sections = np.load(folder / "sections.npy", mmap_mode="r")
        self._shares = np.load(folder / "shares.npy", mmap_mode="r")
        self._starts = np.load(folder / "starts.npy")
        self._rarity = np.load(folder / "rarity.npy")

    def knows(self, word: str) -> bool:
        """Return True when any section holds the word or a synonym."""
        return any(other in self._number for other in self._alike(word))

    def rarity(self, word: str) -> float:
        """Return the inverse document frequency as Whoosh defines it; highest for a word that occurs nowhere."""
        numbers = [self._number[other] for other in self._alike(word) if other in self._number]
        if not numbers:
            return math.log(max(self.size, 1)) + 1.0
        return float(min(self._rarity[number] for number in numbers))

    def sections_with(self, word: str) -> int:
        """Return how many sections hold the word itself."""
        number = self._number.get(word)
        return 0 if number is None else int(self._starts[number + 1] - self._starts[number])

    def with_synonyms(self, words: Iterable[str]) -> frozenset[str]:
        """Return the words and all their synonyms."""
        return frozenset(other for word in words for other in self._alike(word))

    def scores(self, words: Iterable[str]) -> Scores:
        """Return each section's BM25F score, OR grouping: a missing word costs a section only its share."""
        total = np.zeros(self.size, np.float32)
        for word in words:
            present = [self._number[other] for other in self._alike(word) if other in self._number]
            if len(present) == 1:
                sections, shares = self._row(present[0])
                total[sections] += shares
            elif present:
                # A section that uses two synonyms counts once.
                best = np.zeros(self.size, np.float32)
                for number in present:
                    sections, shares = self._row(number)
                    best[sections] = np.maximum(best[sections], shares)
                total += best
        return total

    def coverage(self, words: list[str]) -> Scores:
        """Return each section's score as a share of the highest possible, 0 to 1.

        Unlike a plain score it can be compared between questions; unknown words count as not covered.
        """
        possible = sum(self.rarity(word) for word in words) * (K1 + 1)
        return self.scores(words) / np.float32(possible) if possible else np.zeros(self.size, np.float32)

    def held_share(self, words: list[str], section: int) -> float:
        """Return the share of the words, weighted by rarity, that a section contains, whatever its length."""
        total = sum(self.rarity(word) for word in words)
        held = sum(self.rarity(word) for word in words if self._holds(section, word))
        return held / total if total else 0.0

    def _holds(self, section: int, word: str) -> bool:
        numbers = (self._number[other] for other in self._alike(word) if other in self._number)
        return any(bool((self._row(number)[0] == section).any()) for number in numbers)

    def _alike(self, word: str) -> list[str]:
        return self._synonyms.get(word) or [word]

    def _row(self, number: int) -> tuple[NDArray[np.int32], Scores]:
        place = slice(self._starts[number], self._starts[number + 1])
        return self._sections[place], self._shares[place]
