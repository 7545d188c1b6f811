"""Order the manual as a book: chapters, previous page and next page."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.manual_site.rendering import Body, render
from knowledge_base.pages import Page


@dataclass(frozen=True)
class Chapter:
    """A chapter's name and its pages, in the order in which they are read."""

    title: str
    pages: tuple[Page, ...]


class Book:
    """One state of the manual. Pages keep their order; a chapter has the position of its first page."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._source = pages
        self._bodies: dict[str, tuple[Page, Body]] = {}

    def is_of(self, pages: Sequence[Page]) -> bool:
        """Return True when this book was made from this very sequence; a change makes a new one."""
        return self._source is pages

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """Return the chapters in reading order."""
        grouped: dict[str, list[Page]] = {}
        for page in self._source:
            grouped.setdefault(page.chapter, []).append(page)
        return tuple(Chapter(title, tuple(pages)) for title, pages in grouped.items())

    @cached_property
    def _reading_order(self) -> tuple[Page, ...]:
        return tuple(page for chapter in self.chapters for page in chapter.pages)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {page.slug: place for place, page in enumerate(self._reading_order)}

    @property
    def size(self) -> int:
        """Return the number of pages."""
        return len(self._source)

    def page(self, slug: str) -> Page | None:
        """Return the page of that slug, None when there is none."""
        place = self._places.get(slug)
        return None if place is None else self._reading_order[place]

    def neighbours(self, slug: str) -> tuple[Page | None, Page | None]:
        """Return the previous and the next page, across chapters; None at either end and outside the book."""
        place, pages = self._places.get(slug), self._reading_order
        if place is None:
            return None, None
        before = pages[place - 1] if place > 0 else None
        after = pages[place + 1] if place + 1 < len(pages) else None
        return before, after

    def body(self, page: Page) -> Body:
        """Return the page's HTML, rendered at its first visit, and again when another page has its slug."""
        of, body = self._bodies.get(page.slug, (None, None))
        if of is not page or body is None:
            body = render(page)
            self._bodies[page.slug] = page, body
        return body
