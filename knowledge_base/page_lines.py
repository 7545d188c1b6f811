"""Find the lines of a few pages that answer a short message about what was just read there.

A section is too coarse for "and on a Mac?": the page that was shown holds the answer in one line. So each line (a
paragraph, a step, an item) is compared with the message, and with the message behind the question that led to the page.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from bot.triage.reading.wanted_answer import has_wanted_shape
from knowledge_base.confidence import topicless_words
from knowledge_base.embedder import Embedder, Vectors
from knowledge_base.open_index import OpenIndex
from knowledge_base.pieces import Piece
from knowledge_base.words import is_subject, tokenise

# How much the message behind the former question, and the share of its words, count beside the message's meaning.
JOINED_WEIGHT = 0.5
WORDS_WEIGHT = 0.5
# What a page loses for each better one before it, and a section that was read just before.
LATER_PAGE, READ_BEFORE = 0.3, 0.15
# Set on messages that a page answers, against some that it does not. Where the manual knows few of the words, more of
# them must be found.
FEWEST_KNOWN = 0.6
# What a line gains that has what the kind of question wants, such as a time for "how long"; it answers a question with
# few words of its own from this nearness to it behind the former question.
SHAPE, LIMIT_OF_A_SHAPE = 0.3, 0.35
LIMIT_BY_MEANING = 0.3
# With words that the manual knows, a line as near to the question behind the former one answers; and one as near to the
# message alone whatever its words are.
LIMIT_BEHIND_THE_QUESTION, LIMIT_THOUGH_UNKNOWN = 0.5, 0.45
LIMIT, LIMIT_WITH_UNKNOWN_WORDS = 0.33, 0.4
# What is shown of a section at most.
MOST_CHARACTERS = 600
# What a section gains by its second line and by its heading's nearness.
SECOND_LINE, HEADING = 0.25, 0.3
# A line of another section stands below when it is at most so much worse than the best one.
NEAR_LINE = 0.1
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

    @property
    def labelled(self) -> str:
        """Return the line behind its section's heading in bold, unless that is the page's title."""
        heading, text = self.piece.heading, _NUMBER.sub("", self.text)
        return text if heading == self.piece.page_title else f"**{heading}:** {text}"


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
        self._headings: dict[str, NDArray[np.float32]] = {}

    def find(self, message: str, former: str, pages: Sequence[str], read: str = "") -> FoundLines:
        """Return the lines of these pages, by slug or address, that answer the message best.

        ``read`` is the address of the section that was shown before.
        """
        named = [word for word in dict.fromkeys(tokenise(message)) if is_subject(word) and word not in _FILLERS]
        asked = [word for word in named if self._words.knows(word) or word not in topicless_words()]
        meanings = self._meanings([message, f"{former} {message}"])
        shaped = partial(has_wanted_shape, message)
        scored = [one for later, page in enumerate(pages) for one in self._scored(page, later, asked, meanings, shaped)]
        sections = self._sections(scored, meanings, read)
        return self._best(asked, sections) if sections else FoundLines()

    def _sections(self, scored: Sequence[_Scored], meanings: Vectors | None, read: str) -> list[list[_Scored]]:
        """Return the sections' lines in reading order, the best section first."""
        grouped: dict[str, list[_Scored]] = {}
        for one in scored:
            grouped.setdefault(one.line.piece.url, []).append(one)
        rated = [(self._rate(lines, meanings) - READ_BEFORE * (url == read), lines) for url, lines in grouped.items()]
        return [lines for _, lines in sorted(rated, key=lambda one: -one[0])]

    def _rate(self, lines: Sequence[_Scored], meanings: Vectors | None) -> float:
        """Return the worth of a section: its best line's, some of the second's, and its heading's nearness."""
        best = sorted((one.score for one in lines), reverse=True)
        heading = self._heading(lines[0].line.piece)
        near = float(heading @ meanings[0]) if heading is not None and meanings is not None else 0.0
        return best[0] + SECOND_LINE * (best[1] if len(best) > 1 else 0.0) + HEADING * max(near, 0.0)

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

    def _best(self, asked: list[str], sections: Sequence[list[_Scored]]) -> FoundLines:
        """Return the best section from its best line on, or whole when it is short, and a better line of another."""
        chosen = sections[0]
        best = max(chosen, key=lambda one: one.score)
        texts = [one.line.text for one in _stretch(chosen, best)]
        page = best.line.piece.page_slug
        rest = [one for lines in sections[1:] for one in lines if one.line.piece.page_slug == page]
        other = max(rest, key=lambda one: one.score, default=None)
        if other is not None and other.score > best.score - NEAR_LINE:
            texts.append(other.line.labelled)
        return FoundLines(
            section=best.line.piece,
            texts=tuple(_NUMBER.sub("", text) for text in texts),
            confident=self._is_confident(asked, [best, *([other] if other is not None else [])]),
            known=self._known_share(asked) >= FEWEST_KNOWN,
            score=best.score,
        )

    def _is_confident(self, asked: list[str], near: Sequence[_Scored]) -> bool:
        cosine, covered = max(one.cosine for one in near), max(one.covered for one in near)
        joined, known = near[0].joined, self._known_share(asked)
        if (near[0].shaped and joined >= LIMIT_OF_A_SHAPE) or cosine >= LIMIT_THOUGH_UNKNOWN:
            return True
        if known >= FEWEST_KNOWN and joined >= LIMIT_BEHIND_THE_QUESTION:
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

    def _heading(self, piece: Piece) -> NDArray[np.float32] | None:
        if self._embedder is None:
            return None
        name = f"{piece.page_title}. {piece.heading}"
        if name not in self._headings:
            self._headings[name] = np.asarray(self._embedder.embed([name])[0])
        return self._headings[name]

    def _read(self, page: str) -> tuple[list[Line], Vectors | None]:
        pieces = [piece for piece in self._pieces if page in (piece.page_slug, piece.url.partition("#")[0])]
        texts = [(piece, text.strip()) for piece in pieces for text in piece.text.split("\n") if text.strip()]
        lines = [Line(piece, text, place) for place, (piece, text) in enumerate(texts)]
        return lines, self._meanings([line.headed for line in lines])


def _stretch(lines: Sequence[_Scored], best: _Scored) -> list[_Scored]:
    """Return the lines from the best one on that fit, and what stands before it while there is room."""
    at = lines.index(best)
    start, end = at, at + 1
    length = len(best.line.text)
    while end < len(lines) and length + len(lines[end].line.text) <= MOST_CHARACTERS:
        length += len(lines[end].line.text)
        end += 1
    while start > 0 and length + len(lines[start - 1].line.text) <= MOST_CHARACTERS:
        length += len(lines[start - 1].line.text)
        start -= 1
    return list(lines[start:end])
