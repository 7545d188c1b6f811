"""Convert a search result for the search page and the search-as-you-type list."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from bot.manual_site.rendering import sanitise_excerpt
from knowledge_base.search import Passage, Result

FindPassages = Callable[[str, int], Awaitable[Result | None]]
"""Question and number of passages wanted -> result; None while the manual cannot be searched."""


class SearchLog(Protocol):
    """Records searches of the site and opened hits. ``reader`` is the reader's address."""

    async def searched(self, reader: str, finding: "Finding") -> str | None:
        """Record a search; return the key for reports of opened hits, None when it was not recorded."""

    async def opened(self, reader: str, key: str, place: int) -> None:
        """Record that the hit at ``place`` (from 0) of a search was opened."""


PAGE_LIMIT = 10
SUGGESTION_LIMIT = 6
QUESTION_LIMIT = 500
"""Characters of a question that are used; nobody types more into a search box."""


@dataclass(frozen=True)
class Hit:
    """One found section, ready for a template: ``excerpt_html`` holds nothing but text and ``<mark>``."""

    url: str
    title: str
    heading: str
    excerpt: str
    excerpt_html: str


@dataclass(frozen=True)
class Finding:
    """The hits of one question, one for each page.

    ``available`` is False while there is no index to search. ``suggestion`` is the question with typing
    errors put right, when that is what was searched for.
    """

    question: str
    hits: tuple[Hit, ...] = ()
    confident: bool = False
    score: float = 0.0
    available: bool = True
    suggestion: str | None = None


def clean_question(raw: str | None) -> str:
    """Return the question on one line, of bounded length."""
    return " ".join((raw or "").split())[:QUESTION_LIMIT]


async def look_up(find: FindPassages, question: str, limit: int) -> Finding:
    """Search for the question; an empty one finds nothing without a search."""
    if not question:
        return Finding(question)
    result = await find(question, limit)
    if result is None:
        return Finding(question, available=False)
    hits = tuple(_hit(passage) for passage in result.passages if _may_be_linked(passage.url))
    return Finding(question, hits, result.confident, result.score, suggestion=result.suggestion)


def _hit(passage: Passage) -> Hit:
    heading = "" if passage.heading == passage.page_title else passage.heading
    excerpt_html = sanitise_excerpt(passage.excerpt_html)
    return Hit(passage.url, passage.page_title, heading, passage.excerpt, excerpt_html)


def _may_be_linked(url: str) -> bool:
    """Return True for a safe scheme: an imported page brings its own address, which may be ``javascript:``."""
    return urlsplit(url).scheme in {"", "http", "https"}
