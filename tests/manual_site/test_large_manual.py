"""A manual of thousands of pages: each page stays light, and every chapter can still be reached."""

from bot.manual_site.blueprint import LARGEST_WHOLE_CONTENTS
from knowledge_base.pages import page_from_markdown
from tests.manual_site.site import Manual, serve

PAGES = [page_from_markdown(f"page-{n}", f"# Page {n}\n\nText.", f"Chapter {n % 10}") for n in range(3_000)]


async def test_a_page_of_a_large_manual_names_the_pages_of_its_own_chapter_only(manual: Manual) -> None:
    assert len(PAGES) > LARGEST_WHOLE_CONTENTS
    async with serve(manual, pages=lambda: PAGES) as browser:
        page = await browser.get("/manual/page-7")
        assert page.text.count('href="/manual/page-') < len(PAGES) / 9
        assert 'href="/manual/#chapter-3"' in page.text
        assert 'id="chapter-3"' in (await browser.get("/manual/")).text
