"""A question as it is compared with whole sections: by its words, and by the nearness of single sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bot.triage.reading.wanted_answer import has_wanted_shape
from knowledge_base.answers import Worth
from knowledge_base.lexicon import Lexicon
from knowledge_base.open_index import OpenIndex
from knowledge_base.ranking import WORDS_WEIGHT, Ranking, Scores
from knowledge_base.section_store import MarkedSection
from knowledge_base.words import is_subject, tokenise


@dataclass(frozen=True)
class Asked:
    """A ranked question. ``alike`` are the likenesses of all pieces, ``worth`` rates a text by the question's words.

    ``question`` are its words.
    """

    ranking: Ranking
    index: OpenIndex
    worth: Worth
    alike: Scores
    question: str = ""

    @classmethod
    def of(cls, ranking: Ranking, index: OpenIndex, question: str = "") -> "Asked":
        """Weigh words as for a question that does not quote the manual: among few sections an echo decides too much."""
        cosine = ranking.cosine if ranking.cosine is not None else ranking.coverage
        return cls(
            ranking,
            index,
            worth_of(ranking, index.words),
            cosine + np.float32(WORDS_WEIGHT) * ranking.coverage,
            question,
        )

    def wants(self, sentence: str) -> bool:
        """Return whether a sentence has what the kind of question wants, such as a number."""
        return has_wanted_shape(self.question, sentence)

    def sections_of_page(self, row: int) -> list[tuple[MarkedSection, float]]:
        """Return the sections of a row's page in reading order, each with its likeness."""
        found: dict[str, float] = {}
        for other in np.flatnonzero(self.index.page_of == self.index.page_of[row]):
            anchor = self.index.pieces[other].anchor
            found[anchor] = max(found.get(anchor, 0.0), float(self.alike[other]))
        sections = self.index.sections[self.index.pieces[row].page_slug]
        return [(sections[anchor], alike) for anchor, alike in found.items()]

    def nearness(self, section: MarkedSection) -> Sequence[float]:
        """Return how near each sentence of the section is to the question, 0 to 1: by meaning, else by its words."""
        words = [sentence for unit in section.units for sentence in unit.sentences]
        vectors, vector = self.index.sentences, self.ranking.vector
        if vectors is None or vector is None:
            return [self.worth(sentence) for sentence in words]
        rows = np.asarray(vectors[section.sentence : section.sentence + len(words)])
        near: list[float] = np.einsum("ij,j->i", rows, vector).tolist()
        return near


def worth_of(ranking: Ranking, words: Lexicon) -> Worth:
    """Return what rates a text by the share of the question's words in it, weighted by rarity, each counted once."""
    subject = [word for word in ranking.asked if is_subject(word)]
    total = sum(words.rarity(word) for word in subject) or 1.0
    shares = {other: words.rarity(word) / total for word in subject for other in words.with_synonyms([word])}

    def worth(text: str) -> float:
        return sum(shares[word] for word in _stems(text) if word in shares)

    return worth


@lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    """Return the distinct words of a text of the manual; the same texts are rated for question after question."""
    return frozenset(tokenise(text))
