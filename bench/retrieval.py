"""Compare our search with four others on the same pages and questions, in one run.

    .venv/bin/python bench/retrieval.py [--corpus FILE_OR_DIR --questions FILE]...

`make bench` runs it. Without arguments it uses the demo product's manual and its questions. Needs the sentence
embedding under TECHREF_HOME (`techref embedding`).
"""

import argparse
import os
import re
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import bm25s
from rich.console import Console
from rich.progress import track
from rich.table import Table
from whoosh.qparser import MultifieldParser, OrGroup
from whoosh.scoring import BM25F

from knowledge_base import cli, evaluation, whoosh_store
from knowledge_base.corpus import Question, read_corpus, read_questions
from knowledge_base.embedder import Embedder
from knowledge_base.evaluation import DEPTH, Answer
from knowledge_base.index import build_index, open_index
from knowledge_base.pages import Page
from knowledge_base.pieces import Piece, split_page
from knowledge_base.ranking import best_section_per_page
from knowledge_base.search import open_search
from knowledge_base.words import tokenise

ROOT = Path(__file__).parents[1]
OWN = (ROOT / "knowledge_base/manual", ROOT / "tests/knowledge_base/manual_questions.jsonl")
SHOWN = ("recall@1", "recall@3", "mrr@10", "ndcg@10", "p50_ms", "p95_ms")
# The first ten pages never have more sections than this.
SECTIONS = 200


def systems(pages: Sequence[Page], folder: Path) -> dict[str, Answer]:
    """Return every search under test, ready to be asked."""
    embedder = Embedder.load(Path(os.environ.get("TECHREF_HOME") or "var"))
    build_index(pages, folder / "index", embedder)
    engine = open_search(folder / "index", embedder)
    pieces = [piece for page in pages for piece in split_page(page)]
    found: dict[str, Answer] = {"ours (words and meaning)": lambda question: cli.answer(engine, question)}
    if embedder:
        found["meaning alone"] = meaning_alone(folder / "index", embedder)
    words_only = open_search(folder / "index", None)
    found["ours without embedding"] = lambda question: cli.answer(words_only, question)
    found["Whoosh alone (BM25F, OR)"] = whoosh_alone(pages, folder / "whoosh")
    found["SQLite FTS5 (porter, bm25)"] = fts5(pieces)
    found["bm25s"] = bm25s_alone(pieces)
    return found


def pages_of(sections: Sequence[str]) -> list[str]:
    """Return the pages of ranked sections: a page has the rank of its best section."""
    return list(dict.fromkeys(sections))[:DEPTH]


def meaning_alone(index_dir: Path, embedder: Embedder) -> Answer:
    index = open_index(index_dir)

    def answer(question: str) -> tuple[Sequence[str], bool]:
        assert index.vectors is not None
        scores = index.vectors @ embedder.embed([question])[0]
        rows = best_section_per_page(scores, index.page_of, DEPTH)
        return [index.page_slugs[index.page_of[row]] for row in rows], True

    return answer


def whoosh_alone(pages: Sequence[Page], folder: Path) -> Answer:
    """Use Whoosh as its manual says: query parser with OR grouping over title, heading and body."""
    index = whoosh_store.write_store(folder, pages)
    searcher = index.searcher(weighting=BM25F())
    # Without plugins the parser has no query language, so that a question mark is no wildcard.
    parser = MultifieldParser(["title", "heading", "body"], index.schema, plugins=[], group=OrGroup)

    def answer(question: str) -> tuple[Sequence[str], bool]:
        query = parser.parse(question)
        return pages_of([hit["page"] for hit in searcher.search(query, limit=SECTIONS)]), True

    return answer


def fts5(pieces: Sequence[Piece]) -> Answer:
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE section USING fts5(page UNINDEXED, title, heading, body, tokenize='porter unicode61')"
    )
    database.executemany(
        "INSERT INTO section VALUES (?, ?, ?, ?)",
        [(piece.page_slug, piece.page_title, piece.heading, piece.text) for piece in pieces],
    )

    def answer(question: str) -> tuple[Sequence[str], bool]:
        query = " OR ".join(f'"{word}"' for word in dict.fromkeys(re.findall(r"\w+", question.lower())))
        rows = database.execute(
            "SELECT page FROM section WHERE section MATCH ? ORDER BY bm25(section) LIMIT ?", (query or '""', SECTIONS)
        )
        return pages_of([page for (page,) in rows]), True

    return answer


def bm25s_alone(pieces: Sequence[Piece]) -> Answer:
    retriever = bm25s.BM25()
    retriever.index([tokenise(piece.embedded) or ["-"] for piece in pieces], show_progress=False)
    depth = min(SECTIONS, len(pieces))

    def answer(question: str) -> tuple[Sequence[str], bool]:
        asked = [word for word in tokenise(question) if word in retriever.vocab_dict]
        if not asked:
            return [], True
        rows, _ = retriever.retrieve([asked], k=depth, show_progress=False)
        return pages_of([pieces[row].page_slug for row in rows[0]]), True

    return answer


def compare(corpus: Path, questions: Path, console: Console) -> None:
    pages = read_corpus(corpus)
    asked: list[Question] = [question for question in read_questions(questions) if question.doc_ids]
    table = Table("", *SHOWN, title=f"{corpus.stem}, {len(pages)} pages; {questions.stem}, {len(asked)} questions")
    with tempfile.TemporaryDirectory() as folder:
        for name, answer in systems(pages, Path(folder)).items():
            result = measure(name, answer, asked)
            table.add_row(
                name, *(f"{result[key]:.1f}" if key.endswith("ms") else f"{result[key]:.3f}" for key in SHOWN)
            )
    console.print(table)


def measure(name: str, answer: Callable[[str], tuple[Sequence[str], bool]], asked: list[Question]) -> dict[str, float]:
    answer(asked[0].text)  # the first question also pays for opening files
    shown = track(asked, name, console=Console(stderr=True), transient=True)
    return evaluation.evaluation_metrics(asked, evaluation.run_questions(answer, shown))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, action="append", default=[])
    parser.add_argument("--questions", type=Path, action="append", default=[])
    given = parser.parse_args()
    if len(given.corpus) != len(given.questions):
        parser.error("give a --questions for each --corpus")
    console = Console(width=120)
    for corpus, questions in list(zip(given.corpus, given.questions, strict=True)) or [OWN]:
        compare(corpus, questions, console)


if __name__ == "__main__":
    main()
