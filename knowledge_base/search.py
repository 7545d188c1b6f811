"""Search the manual: return the passages that answer a question.

The rest of this package is private behind these names, so that another engine could replace it.
"""

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.triage.reading.trouble import says_trouble
from bot.triage.reading.wanted_answer import asks_for_fact
from bot.triage.text.plain_text import visible
from knowledge_base import versions
from knowledge_base.answer_choice import choose_answers
from knowledge_base.answers import Answer, code_answer
from knowledge_base.asked import Asked
from knowledge_base.asking_part import asking_part
from knowledge_base.confidence import evidence, is_confident
from knowledge_base.cures import Cures, FoundCures
from knowledge_base.embedder import Embedded, Embedder, Vectors
from knowledge_base.error_codes import code_row
from knowledge_base.index import open_index
from knowledge_base.open_index import OpenIndex
from knowledge_base.outdated import asks_for_changes
from knowledge_base.page_lines import FoundLines, PageLines
from knowledge_base.passages import Excerpt, excerpt
from knowledge_base.pieces import Piece
from knowledge_base.question_frames import without_frames
from knowledge_base.ranking import MOST_CHARACTERS, Ranking, best_section_per_page, rank_sections
from knowledge_base.rewording import Rewording, everyday_groups
from knowledge_base.spelling import SpellingCorrector
from knowledge_base.versions import IndexUnavailable
from knowledge_base.words import is_subject, tokenise

# Pages whose sections are read for an answer.
PAGES_READ = 3
# How much more must speak for the answer to a question in the manual's terms than in the customer's.
MORE_BY_REWORDING = 0.05

__all__ = ["FoundCures", "FoundLines", "IndexUnavailable", "Passage", "Result", "Search", "open_search"]


@dataclass(frozen=True)
class Passage:
    """The best sentences of one page. `url` opens the right heading; `excerpt_html` is text and `<mark>`."""

    page_slug: str
    page_title: str
    heading: str
    anchor: str
    url: str
    excerpt: str
    excerpt_html: str
    score: float


@dataclass(frozen=True)
class Result:
    """Passages of different pages, best first. When not `confident`, the manual likely has no answer.

    `score` is the best passage's; `suggestion` is the question with likely typing errors corrected. `answers` are those
    of the best section and of near ones, when they were asked for.
    """

    passages: list[Passage]
    confident: bool
    score: float
    suggestion: str | None = None
    answers: tuple[Answer, ...] = ()


class Search:
    """An open index. Safe to call from several threads; notices when another version becomes current."""

    def __init__(self, index_dir: Path, embedder: Embedder | None) -> None:
        self._index_dir = index_dir
        self._embedder = embedder
        self._swapping = threading.Lock()
        self._open = self._open_index()
        self._cures: tuple[OpenIndex, Cures] | None = None
        self._lines: tuple[OpenIndex, PageLines] | None = None
        self._reworded: tuple[OpenIndex, Rewording] | None = None

    def find(self, question: str, limit: int = 3, embedded: Embedded | None = None) -> Result:
        """Return the passages that answer a question best, at most `limit`, each of another page.

        `embedded` is the question's embedding if the caller has it.

        Any text is a question: there is no query language. Raises IndexUnavailable when the index is gone.
        """
        return self._looked_up(question, limit, embedded).result()

    def answer(self, question: str, embedded: Embedded | None = None, without: str = "") -> Result:
        """Return what `find` does, with the answers of the best pages' sections; `without` is a page left out."""
        found = self._looked_up(question, PAGES_READ, embedded, without)
        if not found.rows:
            return found.result()
        fact, trouble = asks_for_fact(question), says_trouble(question)
        answers = choose_answers(found.asked, found.rows, fact=fact, trouble=trouble)
        return replace(found.result(), answers=tuple(answers))

    def _looked_up(self, question: str, limit: int, embedded: Embedded | None, without: str = "") -> "_LookedUp":
        """Look the question up, and if the manual has other terms for it also in these; return what speaks for more."""
        question = visible(question[:MOST_CHARACTERS])
        index, speller = self._newest()
        spelled = speller.correct(question)
        searched = without_frames(asking_part(spelled or question))
        found = self._ranked(searched, question, limit, embedded, without)
        reworded = self._rewording(index).of(searched)
        if reworded is not None:
            other = self._ranked(reworded, question, limit, None, without)
            found = other if other.evidence() > found.evidence() + MORE_BY_REWORDING else found
        return replace(found, spelled=spelled)

    def _ranked(self, searched: str, question: str, limit: int, embedded: Embedded | None, without: str) -> "_LookedUp":
        index, _speller = self._newest()
        ranking = rank_sections(searched, index, self._embedder, embedded)
        if not asks_for_changes(question):
            ranking = replace(ranking, combined=ranking.combined - index.demoted)
        best = best_section_per_page(ranking.combined, index.page_of, limit + bool(without))
        rows = [row for row in best if ranking.combined[row] > 0 and index.pieces[row].page_slug != without][:limit]
        return _LookedUp(None, Asked.of(ranking, index, question), rows)

    def _rewording(self, index: OpenIndex) -> Rewording:
        if self._reworded is None or self._reworded[0] is not index:
            self._reworded = (index, Rewording(index.words, everyday_groups()))
        return self._reworded[1]

    def find_code(self, code: str, pages: Sequence[str] = ()) -> Result:
        """Return the passage of exactly this error code, with a score of 1; no passage when there is none.

        Raises IndexUnavailable when the index is gone.
        """
        index, _speller = self._newest()
        row = code_row(code, index.pieces, pages)
        if row is None:
            return Result([], False, 0.0)
        piece = index.pieces[row]
        shown = excerpt(piece.text, frozenset(tokenise(code)), index.words.rarity)
        answer = code_answer(code, index.sections[piece.page_slug][piece.anchor])
        return Result([_shown(piece, shown, 1.0)], True, 1.0, answers=(answer,))

    def find_lines(self, message: str, former: str, pages: Sequence[str], read: str = "") -> FoundLines:
        """Return the lines of these pages that answer a message about what was read there, for the question `former`.

        `pages` are slugs or addresses, the best page first; `read` is the address of the section that was shown.
        Raises IndexUnavailable when the index is gone.
        """
        index, speller = self._newest()
        if self._lines is None or self._lines[0] is not index:
            self._lines = (index, PageLines(index, self._embedder))
        asked, former = visible(message[:MOST_CHARACTERS]), visible(former[:MOST_CHARACTERS])
        asked = speller.correct(asked) or asked
        return self._lines[1].find(self._rewording(index).of(asked) or asked, former, pages, read)

    def find_cure(self, problem: str, leave_out: Collection[str] = ()) -> FoundCures:
        """Return the cure of a problem that is told, on other pages than those with the slugs `leave_out`.

        Raises IndexUnavailable when the index is gone.
        """
        index, speller = self._newest()
        if self._cures is None or self._cures[0] is not index:
            self._cures = (index, Cures(index, self._embedder))
        told = visible(problem[:MOST_CHARACTERS])
        return self._cures[1].find(speller.correct(told) or told, leave_out)

    def meanings(self, texts: Sequence[str]) -> Vectors | None:
        """Return the texts' embeddings, a row for each; None without the embedding."""
        return self._embedder.embed(texts) if self._embedder else None

    def page_text(self, page_slug: str) -> str:
        """Return a page's text as it is indexed, in reading order; empty for an unknown page."""
        index, _speller = self._newest()
        return "\n".join(piece.text for piece in index.pieces if piece.page_slug == page_slug)

    def _newest(self) -> tuple[OpenIndex, SpellingCorrector]:
        """Return the current index with its speller. A search under way in the old one finishes undisturbed."""
        with self._swapping:
            if versions.version_stamp(self._index_dir) != self._open[0].reader.stamp:
                old, self._open = self._open[0], self._open_index()
                old.reader.close()
            return self._open

    def _open_index(self) -> tuple[OpenIndex, SpellingCorrector]:
        index = open_index(self._index_dir)
        return index, SpellingCorrector(index, self._embedder)


def open_search(index_dir: Path, embedder: Embedder | None) -> Search:
    """Open the current index. Raises IndexUnavailable when there is none."""
    return Search(index_dir, embedder)


@dataclass(frozen=True)
class _LookedUp:
    """A question put to an index: `rows` are the best sections of the best pages, best first."""

    spelled: str | None
    asked: Asked
    rows: list[int]

    def evidence(self) -> float:
        """Return how much speaks for an answer; 0 when nothing was found."""
        return evidence(self.asked, self.rows[:PAGES_READ])[1] if self.rows else 0.0

    def result(self) -> Result:
        if not self.rows:
            return Result([], False, 0.0, self.spelled)
        passages = [_passage(self.asked.index, self.asked.ranking, row) for row in self.rows]
        confident = is_confident(self.asked, self.rows[:PAGES_READ])
        return Result(passages, confident, passages[0].score, self.spelled)


def _passage(index: OpenIndex, ranking: Ranking, row: int) -> Passage:
    piece = index.pieces[row]
    asked = index.words.with_synonyms(filter(is_subject, ranking.asked))
    return _shown(piece, excerpt(piece.text, asked, index.words.rarity), float(ranking.combined[row]))


def _shown(piece: Piece, shown: Excerpt, score: float) -> Passage:
    return Passage(
        piece.page_slug,
        piece.page_title,
        piece.heading,
        piece.anchor,
        piece.url,
        shown.text,
        shown.html,
        score,
    )
