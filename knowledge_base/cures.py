"""Find the cure of a problem that is told rather than asked about: "our maintenance invoices were made twice".

Customers tell a symptom; a manual names it in a heading, or at the beginning of a line that goes on with the cure ("It
was made twice. Two patterns exist …"). So these are compared with the problem, each behind its page's title, on the
pages whose sections fit the problem best. A page that is as a whole about the symptom is answered by its first steps.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bot.triage.reading.trouble import says_trouble
from knowledge_base.embedder import Embedder, Vectors
from knowledge_base.open_index import OpenIndex
from knowledge_base.pieces import Piece
from knowledge_base.ranking import Ranking, best_section_per_page, rank_sections
from knowledge_base.words import is_subject, tokenise

# Set on told problems that a manual has a cure for, against others.
WORDS_WEIGHT = 0.4
# What a section of a page loses that is about no trouble: it tells how a thing is done, which seldom cures; and by how
# much of the difference the whole line counts where it is nearer than its symptom.
NO_TROUBLE, WHOLE_LINE = 0.2, 0.6
KNOWN_WEIGHT = 0.25
LIMIT = 0.82
MOST_PAGES = 4
MOST_CHARACTERS = 400
# A second place of the same page is shown when it is at most so much worse.
NEAR = 0.15
NEAR_ON_ANOTHER_PAGE = 0.1
_LONGEST_SYMPTOM, _SHORTEST_CURE = 14, 5  # words
_NUMBER = re.compile(r"^\d{1,3}\.\s+")
_CODE = re.compile(r"[A-Z]{1,6}-\d{2,6}(?:, |\. |$)")
_CODE_OF_HEADING = re.compile(r"^[A-Z]{1,6}-\d{2,6}[\s:,.-]*")
_FIRST_SENTENCE = re.compile(r"(?P<first>[^\n]{2,120}?[^\d\s][.!?:])\s+(?P<rest>\S[^\n]{0,2000})")
_WARNING = "Do not "


@dataclass(frozen=True)
class Cure:
    """A place in the manual with the lines that cure."""

    piece: Piece
    lines: tuple[str, ...]

    @property
    def steps(self) -> tuple[str, ...]:
        """Return the lines without their numbers when all are steps, else none."""
        if not all(map(_NUMBER.match, self.lines)):
            return ()
        return tuple(_NUMBER.sub("", line) for line in self.lines)

    @property
    def passage(self) -> tuple[str, ...]:
        """Return the first lines, together of at most 400 characters, or one line that may be longer."""
        kept: list[str] = []
        for line in self.lines:
            if kept and sum(map(len, kept)) + len(line) > MOST_CHARACTERS:
                break
            kept.append(line)
        return tuple(kept)


@dataclass(frozen=True)
class FoundCures:
    """At most two places, the best first. When not ``confident``, the manual likely has no cure."""

    cures: tuple[Cure, ...] = ()
    confident: bool = False
    score: float = 0.0


@dataclass(frozen=True)
class _Symptoms:
    """A page's symptoms: the lines that begin with one, and the page's title, embedded in this order.

    ``whole`` are the whole lines, embedded. ``is_trouble``: the page as a whole is about trouble.
    """

    lines: tuple[tuple[Piece, str], ...]
    vectors: Vectors | None
    first_steps: Piece | None
    is_trouble: bool = False
    whole: Vectors | None = None
    sections: tuple[Piece, ...] = ()
    named: Vectors | None = None


class Cures:
    """The symptoms of one index version, embedded when their page is first looked at."""

    def __init__(self, index: OpenIndex, embedder: Embedder | None) -> None:
        self._index, self._embedder = index, embedder
        self._of_page = lru_cache(maxsize=1024)(self._read)

    def find(self, problem: str, leave_out: Collection[str] = ()) -> FoundCures:
        """Return the cure of a told problem; ``leave_out`` are slugs of pages that are about no problem."""
        problem = problem[:MOST_CHARACTERS]
        ranking = rank_sections(problem, self._index, self._embedder)
        if ranking.cosine is None or self._embedder is None:
            return FoundCures()
        meaning = self._embedder.embed([problem])[0]
        places = sorted(self._places(ranking, meaning, leave_out), key=lambda one: -one[0])
        if not places:
            return FoundCures()
        score, best = places[0]
        second = next(
            (
                one
                for near, one in places[1:]
                if one.lines != best.lines
                and near > score - (NEAR if one.piece.page_slug == best.piece.page_slug else NEAR_ON_ANOTHER_PAGE)
            ),
            None,
        )
        score += KNOWN_WEIGHT * self._known_share(ranking.asked)
        return FoundCures((best, second) if second else (best,), score >= LIMIT, score)

    def _places(self, ranking: Ranking, meaning: Vectors, leave_out: Collection[str]) -> Iterator[tuple[float, Cure]]:
        asked = [word for word in ranking.asked if is_subject(word) and self._index.words.knows(word)]
        rows = best_section_per_page(ranking.combined, self._index.page_of, MOST_PAGES + len(leave_out))
        pieces = self._index.pieces
        for row in [row for row in rows if pieces[row].page_slug not in leave_out][:MOST_PAGES]:
            piece, symptoms = pieces[row], self._of_page(pieces[row].page_slug)
            cosine = float(ranking.cosine[row]) if ranking.cosine is not None else 0.0
            words = f"{piece.page_title} {piece.heading} {piece.text}"
            shown = symptoms.first_steps if piece.heading == piece.page_title else piece
            loss = _loss(symptoms, piece)
            if shown is not None and not _is_list_of_symptoms(shown):
                yield cosine + WORDS_WEIGHT * self._covered(asked, words) - loss, _whole(shown)
            if symptoms.vectors is None:
                continue
            yield from self._headings(symptoms, meaning, asked)
            cosines = symptoms.vectors @ meaning
            whole = symptoms.whole @ meaning if symptoms.whole is not None else cosines
            for (place, line), alike, in_full in zip(symptoms.lines, cosines, whole, strict=False):
                covered = self._covered(asked, f"{place.page_title} {line}")
                near = float(alike) + WHOLE_LINE * max(0.0, float(in_full) - float(alike))
                yield near + WORDS_WEIGHT * covered, Cure(place, (line,))
            if symptoms.first_steps is not None:
                covered = self._covered(asked, piece.page_title)
                loss = 0.0 if symptoms.is_trouble else NO_TROUBLE
                yield float(cosines[-1]) + WORDS_WEIGHT * covered - loss, _whole(symptoms.first_steps)

    def _headings(self, symptoms: _Symptoms, meaning: Vectors, asked: Sequence[str]) -> Iterator[tuple[float, Cure]]:
        """Yield the sections whose heading names a symptom, whole."""
        if symptoms.named is None:
            return
        for piece, alike in zip(symptoms.sections, symptoms.named @ meaning, strict=True):
            covered = self._covered(asked, f"{piece.page_title} {piece.heading} {piece.text}")
            yield float(alike) + WORDS_WEIGHT * covered - _loss(symptoms, piece), _whole(piece)

    def _covered(self, asked: Sequence[str], text: str) -> float:
        held = self._index.words.with_synonyms(tokenise(text))
        return self._share([word for word in asked if word in held], asked)

    def _known_share(self, asked: Sequence[str]) -> float:
        return self._share([word for word in asked if self._index.words.knows(word)], asked)

    def _share(self, some: Sequence[str], words: Sequence[str]) -> float:
        total = sum(map(self._index.words.rarity, words))
        return sum(map(self._index.words.rarity, some)) / total if total else 0.0

    def _read(self, slug: str) -> _Symptoms:
        pieces = [piece for piece in self._index.pieces if piece.page_slug == slug]
        title = pieces[0].page_title
        found = [(piece, line, symptom) for piece in pieces for line in _lines(piece) if (symptom := _symptom(line))]
        below = [piece for piece in pieces if piece.heading != title and piece.text]
        steps = next((piece for piece in below if any(map(_NUMBER.match, _lines(piece)))), None)
        texts = [*(f"{title}. {symptom}" for _, _, symptom in found), title]
        vectors = np.asarray(self._embedder.embed(texts)) if self._embedder is not None else None
        first_steps = steps or next(iter(below), None)
        lines = [line for _, line, _ in found]
        whole = np.asarray(self._embedder.embed(lines)) if self._embedder is not None and lines else None
        places = tuple((piece, line) for piece, line, _ in found)
        sections = tuple(piece for piece in below if not _is_list_of_symptoms(piece))
        headings = [f"{title}. {_CODE_OF_HEADING.sub('', piece.heading)}" for piece in sections]
        named = np.asarray(self._embedder.embed(headings)) if self._embedder is not None and sections else None
        return _Symptoms(places, vectors, first_steps, says_trouble(title), whole, sections, named)


def _loss(symptoms: _Symptoms, piece: Piece) -> float:
    """Return what a section loses that is about no trouble, or whose heading is a reader's question."""
    is_trouble = symptoms.is_trouble or says_trouble(piece.heading)
    return 0.0 if is_trouble and not piece.heading.endswith("?") else NO_TROUBLE


def _lines(piece: Piece) -> list[str]:
    return [line.strip() for line in piece.text.split("\n") if line.strip()]


def _symptom(line: str) -> str | None:
    """Return the symptom that a line begins with, when a cure follows it; None for a step, a table row, a warning."""
    if _NUMBER.match(line) or line.startswith(_WARNING) or " | " in line:
        return None
    match = _FIRST_SENTENCE.match(_CODE.sub("", line, count=1))
    if match is None or len(match["first"].split()) > _LONGEST_SYMPTOM or len(match["rest"].split()) < _SHORTEST_CURE:
        return None
    return match["first"]


def _is_list_of_symptoms(piece: Piece) -> bool:
    """Return whether each line is a symptom with its cure: then one of them is the answer, and never all."""
    lines = _lines(piece)
    return len(lines) > 1 and sum(_symptom(line) is not None for line in lines) > len(lines) / 2


def _whole(piece: Piece) -> Cure:
    return Cure(piece, tuple(_lines(piece)))
