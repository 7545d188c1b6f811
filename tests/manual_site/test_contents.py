"""The manual as a book: chapters, reading order, change."""

from bot.manual_site.contents import Book
from knowledge_base.pages import Page


def _page(slug: str, chapter: str) -> Page:
    return Page(slug, slug.title(), chapter, (), markdown="Text.")


PAGES = [_page("a", "One"), _page("b", "Two"), _page("c", "One"), _page("d", "Two")]


def test_a_chapter_keeps_its_pages_together_even_when_the_source_mixes_them() -> None:
    chapters = Book(PAGES).chapters
    assert [(chapter.title, [page.slug for page in chapter.pages]) for chapter in chapters] == [
        ("One", ["a", "c"]),
        ("Two", ["b", "d"]),
    ]


def test_previous_and_next_cross_the_chapters_and_end_at_the_covers() -> None:
    book = Book(PAGES)
    assert book.neighbours("a") == (None, PAGES[2])
    assert book.neighbours("b") == (PAGES[2], PAGES[3])
    assert book.neighbours("d") == (PAGES[1], None)
    assert book.neighbours("tips-for-faster-service") == (None, None)


def test_a_book_belongs_to_one_sequence_of_pages() -> None:
    book = Book(PAGES)
    assert book.is_of(PAGES)
    assert not book.is_of(list(PAGES))


def test_an_empty_manual_has_no_chapters_and_no_pages() -> None:
    book = Book([])
    assert book.chapters == ()
    assert book.page("a") is None
