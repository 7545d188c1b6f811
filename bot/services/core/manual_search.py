"""The online manual as the use cases see it: a search that never raises and never blocks the event loop."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.services.core.worker_threads import MANUAL_SEARCH
from knowledge_base.clusters import group_questions
from knowledge_base.embedder import Embedded, Embedder, Vectors
from knowledge_base.remembering_embedder import RememberingEmbedder
from knowledge_base.search import FoundCures, FoundLines, IndexUnavailable, Result, open_search

if TYPE_CHECKING:
    from knowledge_base.search import Search

log = logging.getLogger(__name__)

Found = TypeVar("Found", Result, FoundLines, FoundCures)


class Manual:
    """The indexed manual of one process; opened at the first question, shared by all of them.

    Each of several products has one of its own; they share the embedding.
    """

    def __init__(self, home: Path, folder: str = "", of_home: "Manual | None" = None) -> None:
        self._home, self._folder, self._of_home = home, folder, of_home
        self._search: Search | None = None
        self._embedder: Embedder | None = None
        self._of_products: dict[str, Manual] = {}
        self._opening = asyncio.Lock()
        self._kept: tuple[tuple[str, ...], Vectors] | None = None

    def within(self, folder: str) -> "Manual":
        """Return the manual that is kept in a folder below TECHREF_HOME; this one for none."""
        if not folder:
            return self
        return self._of_products.setdefault(folder, Manual(self._home, folder, self))

    async def find(self, question: str, limit: int = 3, embedded: Embedded | None = None) -> Result | None:
        """Return the passages that answer ``question``; None while there is no index: the dialogue goes on without.

        ``embedded`` is the question's embedding if the caller has it.
        """
        return await self._found(lambda search: search.find(question, limit, embedded))

    async def answer(self, question: str, embedded: Embedded | None = None, without: str = "") -> Result | None:
        """Return the passages with the answers of their pages' sections; None while there is no index.

        ``without`` is the slug of a page to leave out.
        """
        return await self._found(lambda search: search.answer(question, embedded, without))

    async def find_code(self, code: str, pages: Sequence[str] = ()) -> Result | None:
        """Return the section of exactly this error code, in these pages if any are named; None without an index."""
        return await self._found(lambda search: search.find_code(code, pages))

    async def find_lines(self, message: str, former: str, pages: Sequence[str], read: str = "") -> FoundLines | None:
        """Return the lines of these pages that answer a message behind the question ``former``; None without index."""
        return await self._found(lambda search: search.find_lines(message, former, pages, read))

    async def find_cure(self, problem: str, leave_out: Collection[str]) -> FoundCures | None:
        """Return the cure of a told problem, on other pages than ``leave_out``; None without an index."""
        return await self._found(lambda search: search.find_cure(problem, leave_out))

    async def _found(self, find: "Callable[[Search], Found]") -> "Found | None":
        try:
            search = await self.search()
            return await MANUAL_SEARCH.run(find, search)
        except IndexUnavailable as error:
            log.warning("the manual cannot be searched: %s", error)
            return None

    async def page_text(self, page_slug: str) -> str:
        """Return the indexed text of a page; empty when there is no such page, or no index."""
        try:
            return (await self.search()).page_text(page_slug)
        except IndexUnavailable:
            return ""

    async def groups(self, questions: Sequence[str]) -> list[list[int]]:
        """Positions of questions that ask the same, by meaning; by words alone without index or embedding."""
        return await MANUAL_SEARCH.run(group_questions, questions, await self.meanings(questions))

    async def meanings(self, texts: Sequence[str]) -> Vectors | None:
        """Return the embeddings of texts, a row for each; None without index or embedding."""
        try:
            return await MANUAL_SEARCH.run((await self.search()).meanings, texts)
        except IndexUnavailable:
            return None

    async def kept_meanings(self, texts: tuple[str, ...]) -> Vectors | None:
        """Return the embeddings as ``meanings`` does, and keep them until it is called for other texts."""
        if self._kept is None or self._kept[0] != texts:
            vectors = await self.meanings(texts)
            if vectors is None:
                return None
            self._kept = texts, vectors
        return self._kept[1]

    async def search(self) -> "Search":
        """Return the open search; raises IndexUnavailable when there is no index."""
        async with self._opening:
            if self._search is None:
                self._search = await MANUAL_SEARCH.run(self._open)
            return self._search

    def _open(self) -> "Search":
        return open_search(self._home / self._folder / "index", (self._of_home or self).embedder())

    def embedder(self) -> Embedder | None:
        """Return the embedding, loaded once; None while it is not built. For the thread of the searches."""
        if self._embedder is None:
            self._embedder = RememberingEmbedder.load(self._home)
        return self._embedder
