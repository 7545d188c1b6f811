"""Read evaluation files: a corpus and its questions as JSON lines (docs/search.md gives the format)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge_base.pages import Page, Section, read_manual


class CorpusUnreadable(ValueError):
    """A corpus or question file is malformed; the message names the file and line."""


@dataclass(frozen=True)
class Question:
    """A question and the pages that answer it; none when the corpus cannot answer it."""

    text: str
    doc_ids: frozenset[str]


def read_corpus(source: Path) -> list[Page]:
    """Read pages from a `.jsonl` file of `{doc_id, title, text, url?}` or from a folder of Markdown.

    Raises CorpusUnreadable, or PageUnreadable for a folder.
    """
    if source.is_dir():
        return read_manual(source)
    pages: dict[str, Page] = {}
    for place, record in _records(source):
        try:
            page = _page(record)
        except (KeyError, TypeError) as error:
            raise CorpusUnreadable(f"{place}: a corpus line needs doc_id, title and text ({error})") from error
        if page.slug in pages:
            raise CorpusUnreadable(f"{place}: doc_id {page.slug} was used by an earlier line")
        pages[page.slug] = page
    return list(pages.values())


def _page(record: dict[str, Any]) -> Page:
    slug, title, text = (str(record[key]) for key in ("doc_id", "title", "text"))
    url = record.get("url")
    section = Section("", title, text)
    return Page(slug, title, "", (section,), source_url=str(url) if url else None, markdown=text)


def read_questions(source: Path) -> list[Question]:
    """Read questions from a `.jsonl` file of `{question, doc_ids}`. Raises CorpusUnreadable."""
    questions = []
    for place, record in _records(source):
        text, doc_ids = record.get("question"), record.get("doc_ids")
        if not isinstance(text, str) or not isinstance(doc_ids, list):
            raise CorpusUnreadable(f"{place}: a question line needs question (text) and doc_ids (a list)")
        questions.append(Question(text, frozenset(map(str, doc_ids))))
    return questions


def _records(source: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each line's place (for messages) and object; blank lines are skipped."""
    try:
        lines = source.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusUnreadable(f"{source} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise CorpusUnreadable(f"{source} line {number} is not JSON: {error}") from error
        if not isinstance(record, dict):
            raise CorpusUnreadable(f"{source} line {number} is not a JSON object")
        yield f"{source} line {number}", record
