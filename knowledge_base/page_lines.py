"""Find the lines of a few pages that answer a short message about what was just read there.

A section is too coarse for "and on a Mac?": the page that was shown holds the answer in one line. So each line (a
paragraph, a step, an item) is compared with the message, and with the message behind the question that led to the page.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from bot.triage.reading.wanted_answer import has_wanted_shape
from knowledge_base.embedder import Embedder, Vectors
from knowledge_base.open_index import OpenIndex
from knowledge_base.pieces import Piece
from knowledge_base.words import is_subject, tokenise

# How much the message behind the former question, and the share of its words, count beside the message's meaning.
JOINED_WEIGHT = 0.5
WORDS_WEIGHT = 0.5
# What a page loses for each better one before it.
LATER_PAGE = 0.3
# Set on messages that a page answers, against some that it does not. Where the manual knows few of the words, more of
# them must be found.
FEWEST_KNOWN = 0.6
# What a line gains that has what the kind of question wants, such as a time for "how long"; it answers a question with
# few words of its own from this nearness to it behind the former question.
SHAPE, LIMIT_OF_A_SHAPE = 0.3, 0.35
LIMIT_BY_MEANING = 0.3
LIMIT, LIMIT_WITH_UNKNOWN_WORDS = 0.33, 0.4
# What is shown: so many lines, none with less than this share of the best one's score.
MOST_LINES, MOST_CHARACTERS, NEAR = 3, 600, 0.6
# These say nothing of what a message is about, and a manual that talks to its reader lacks some of them.
_FILLERS = frozenset(
    tokenise(
        "he she him her his hers they them their we us our you your it its mine ours one ones too also just now again "
        "then mean ok okay yes no well please pls thanks any some all both even still already really actually only"
    )
)
_NUMBER = re.compile(r"^\d{1,3}\.\s+")
# Return whether a line has what the question wants.
Shaped = Callable[[str], bool]


@dataclass(frozen=True)
class Line:
    """One line of a page as it is indexed. ``place`` counts the lines of its page."""

    piece: Piece
    text: str
    place: int

    @property
    def headed(self) -> str:
        """Return the line below its section's heading, unless that is the page's title."""
        heading = self.piece.heading
        return self.text if heading == self.piece.page_title else f"{heading}. {self.text}"


@dataclass(frozen=True)
class FoundLines:
    """The best lines of one page in reading order, without the numbers of steps; ``section`` is the best line's.

    ``confident``: they likely answer. ``known``: the manual knows most of the words that were asked with.
    """

    section: Piece | None = None
    texts: tuple[str, ...] = ()
    confident: bool = False
    known: bool = False
    score: float = 0.0


@dataclass(frozen=True)
class _Scored:
    line: Line
    score: float
    cosine: float
    covered: float
    joined: float
    shaped: bool


class PageLines:
    """The lines of the pages of one index version, embedded when they are first asked for."""

    def __init__(self, index: OpenIndex, embedder: Embedder | None) -> None:
        self._words, self._pieces, self._embedder = index.words, index.pieces, embedder
        self._of_page = lru_cache(maxsize=64)(self._read)

    def find(self, message: str, former: str, pages: Sequence[str]) -> FoundLines:
        """Return the lines of these pages, by slug or address, that answer the message best."""
        asked = [word for word in dict.fromkeys(tokenise(message)) if is_subject(word) and word not in _FILLERS]
        meanings = self._meanings([message, f"{former} {message}"])
        shaped = partial(has_wanted_shape, message)
        scored = [one for later, page in enumerate(pages) for one in self._scored(page, later, asked, meanings, shaped)]
        scored.sort(key=lambda one: -one.score)
        return self._best(asked, scored) if scored else FoundLines()

    def _scored(
        self, page: str, later: int, asked: list[str], meanings: Vectors | None, shaped: Shaped
    ) -> list[_Scored]:
        lines, vectors = self._of_page(page)
        known = [word for word in asked if self._words.knows(word)]
        scored = []
        for row, line in enumerate(lines):
            cosine = joined = 0.0
            if vectors is not None and meanings is not None:
                cosine, joined = float(vectors[row] @ meanings[0]), float(vectors[row] @ meanings[1])
            words = self._covered(known, line)
            has_shape = shaped(line.text)
            score = cosine + JOINED_WEIGHT * joined + WORDS_WEIGHT * words + SHAPE * has_shape - LATER_PAGE * later
            scored.append(_Scored(line, score, cosine, self._covered(asked, line), joined, has_shape))
        return scored

    def _best(self, asked: list[str], scored: list[_Scored]) -> FoundLines:
        best = scored[0]
        slug = best.line.piece.page_slug
        near = [
            one for one in scored[:MOST_LINES] if one.score >= NEAR * best.score and one.line.piece.page_slug == slug
        ]
        shown: list[Line] = []
        for one in near:
            if not shown or sum(len(line.text) for line in (*shown, one.line)) <= MOST_CHARACTERS:
                shown.append(one.line)
        return FoundLines(
            section=best.line.piece,
            texts=tuple(_NUMBER.sub("", line.text) for line in sorted(shown, key=lambda line: line.place)),
            confident=self._is_confident(asked, near),
            known=self._known_share(asked) >= FEWEST_KNOWN,
            score=best.score,
        )

    def _is_confident(self, asked: list[str], near: Sequence[_Scored]) -> bool:
        cosine, covered = max(one.cosine for one in near), max(one.covered for one in near)
        known = self._known_share(asked)
        if near[0].shaped and near[0].joined >= LIMIT_OF_A_SHAPE:
            return True
        limit = LIMIT if known >= FEWEST_KNOWN else LIMIT_WITH_UNKNOWN_WORDS
        return known > 0 and (cosine >= LIMIT_BY_MEANING or cosine + WORDS_WEIGHT * covered >= limit)

    def _covered(self, asked: list[str], line: Line) -> float:
        held = self._words.with_synonyms(tokenise(line.headed))
        return self._share([word for word in asked if word in held], asked)

    def _known_share(self, asked: list[str]) -> float:
        return self._share([word for word in asked if self._words.knows(word)], asked)

    def _share(self, some: list[str], words: list[str]) -> float:
        total = sum(map(self._words.rarity, words))
        return sum(map(self._words.rarity, some)) / total if total else 0.0

    def _meanings(self, texts: Sequence[str]) -> Vectors | None:
        return self._embedder.embed(list(texts)) if self._embedder is not None and texts else None

    def _read(self, page: str) -> tuple[list[Line], Vectors | None]:
        pieces = [piece for piece in self._pieces if page in (piece.page_slug, piece.url.partition("#")[0])]
        texts = [(piece, text.strip()) for piece in pieces for text in piece.text.split("\n") if text.strip()]
        lines = [Line(piece, text, place) for place, (piece, text) in enumerate(texts)]
        return lines, self._meanings([line.headed for line in lines])
