"""The manual's site as a reader's browser meets it: a real server, a real index, the real manual."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import httpx
import pytest

from knowledge_base.pages import Page
from tests.manual_site.site import SUPPORT, Manual, serve

HOSTILE = '<script>alert("x")</script>"><b onmouseover=alert(1)>'


class Html(HTMLParser):
    """The ids, links, inline code and text of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.inline: list[str] = []
        self.text = ""
        self._in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if about.get("id"):
            self.ids.append(about["id"] or "")
        if address := about.get("href") or about.get("src"):
            self.links.append(address)
        self.inline += [f"{tag} {name}" for name in about if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and not about.get("src")):
            self.inline.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


async def _crawl(browser: httpx.AsyncClient) -> dict[str, Html]:
    """Every page of the site that can be reached from its contents, by address."""
    found: dict[str, Html] = {}
    waiting = ["/manual/"]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        answer = await browser.get(address)
        assert answer.status_code == 200, address
        page = Html(answer.text if "html" in answer.headers["content-type"] else "")
        found[address] = page
        for link in page.links:
            target = urldefrag(urljoin(address, link)).url
            if target.startswith("/"):
                waiting.append(target)
    return found


async def test_every_link_and_anchor_of_the_manual_resolves(manual: Manual) -> None:
    async with serve(manual) as browser:
        site = await _crawl(browser)
    assert {f"/manual/{page.slug}" for page in manual.read()} <= site.keys()
    assert "/manual/tips-for-faster-service" in site
    broken = []
    for address, page in site.items():
        for link in page.links:
            target, anchor = urldefrag(urljoin(address, link))
            if anchor and target.startswith("/") and anchor not in site[target].ids:
                broken.append(f"{address} -> {link}")
    assert broken == []


async def test_no_id_is_used_twice_and_nothing_runs_inline(manual: Manual) -> None:
    async with serve(manual) as browser:
        site = await _crawl(browser)
    assert [address for address, page in site.items() if len(set(page.ids)) != len(page.ids)] == []
    assert {what for page in site.values() for what in page.inline} == set()


async def test_contents_list_every_page_under_its_chapter(manual: Manual) -> None:
    async with serve(manual) as browser:
        answer = await browser.get("/manual/")
    text = " ".join(Html(answer.text).text.split())
    for page in manual.read():
        assert text.index(page.chapter) < text.index(page.title, text.index(page.chapter))


async def test_a_page_leads_to_the_one_before_and_the_one_after(manual: Manual) -> None:
    first, second, third = manual.read()[:3]
    async with serve(manual) as browser:
        answer = await browser.get(f"/manual/{second.slug}")
    assert re.search(rf'rel="prev" href="/manual/{first.slug}"', answer.text)
    assert re.search(rf'rel="next" href="/manual/{third.slug}"', answer.text)
    assert f'<a href="/manual/{second.slug}" aria-current="page">' in answer.text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/manual", 308),
        ("/manual/", 200),
        ("/manual/reprint-an-invoice", 200),
        ("/manual/reprint-an-invoice/", 308),
        ("/manual/tips-for-faster-service", 200),
        ("/manual/search", 200),
        ("/manual/search?q=print", 200),
        ("/manual/search.json?q=print", 200),
        ("/manual/static/tokens.css", 200),
        ("/manual/static/nothing.css", 404),
        ("/manual/static/..%2fblueprint.py", 404),
        ("/manual/no-such-page", 404),
        ("/manual/a/b/c", 404),
        ("/manual/%00%ff", 404),
        ("/manual/search.json?q=%ed%a0%80%00", 200),
        ("/manual/search?q=" + "word%20" * 800, 200),
    ],
)
async def test_every_answer_carries_the_strict_policy(manual: Manual, address: str, status: int) -> None:
    async with serve(manual) as browser:
        answer = await browser.get(address)
    assert answer.status_code == status
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy and "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_what_was_asked_is_shown_but_never_becomes_markup(manual: Manual) -> None:
    async with serve(manual) as browser:
        answer = await browser.get("/manual/search", params={"q": HOSTILE})
    page = Html(answer.text)
    assert page.inline == []
    assert "<script>alert" not in answer.text and "<b onmouseover" not in answer.text
    assert "&lt;script&gt;alert(" in answer.text


async def test_a_wrong_address_gets_the_sites_own_page_with_its_words_to_search_for(manual: Manual) -> None:
    async with serve(manual) as browser:
        answer = await browser.get("/manual/reprnt-invoice")
        hostile = await browser.get("/manual/<script>alert(1)<%2Fscript>")
    assert answer.status_code == hostile.status_code == 404
    assert "This page is not in the manual" in answer.text
    assert 'value="reprnt invoice"' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "<script>alert" not in hostile.text


async def test_search_finds_the_section_and_links_to_its_heading(manual: Manual) -> None:
    async with serve(manual) as browser:
        answer = await browser.get("/manual/search", params={"q": "reprint an invoice"})
        first = re.search(r'<ol class="hits">.*?href="([^"]+)"', answer.text, re.DOTALL)
        assert first is not None and first[1].startswith("/manual/reprint-an-invoice")
        target, anchor = urldefrag(first[1])
        landing = await browser.get(target)
    assert not anchor or anchor in Html(landing.text).ids
    assert "<mark>" in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_search_as_you_type_gets_the_same_hits_as_the_page(manual: Manual) -> None:
    async with serve(manual) as browser:
        page = await browser.get("/manual/search", params={"q": "restore a backup"})
        answer = (await browser.get("/manual/search.json", params={"q": "  restore a\tbackup "})).json()
    assert answer["question"] == "restore a backup"
    assert answer["confident"] is True
    assert 0 < len(answer["hits"]) <= 6
    linked = re.findall(r'<h2><a href="([^"]+)"', page.text)
    assert [hit["url"] for hit in answer["hits"]] == linked[: len(answer["hits"])]
    assert set(answer["hits"][0]) == {"url", "title", "heading", "excerpt"}


async def test_an_empty_search_asks_for_words_and_an_empty_list(manual: Manual) -> None:
    async with serve(manual) as browser:
        page = await browser.get("/manual/search", params={"q": "   "})
        answer = (await browser.get("/manual/search.json")).json()
    assert "Ask in your own words" in page.text
    assert answer == {"question": "", "suggestion": None, "confident": False, "hits": []}


async def test_a_question_the_manual_does_not_answer_gets_no_hit(manual: Manual) -> None:
    async with serve(manual) as browser:
        answer = await browser.get("/manual/search", params={"q": "xylophone zebra quasar"})
    assert re.search(r"Nothing was found for|Nothing in the manual seems to answer this", answer.text)
    assert SUPPORT.phone_href in answer.text


async def test_without_an_index_the_site_says_so_and_its_pages_stay(manual: Manual) -> None:
    async with serve(manual, find=manual.cannot_search) as browser:
        page = await browser.get("/manual/search", params={"q": "print"})
        suggestions = await browser.get("/manual/search.json", params={"q": "print"})
        contents = await browser.get("/manual/")
    assert page.status_code == suggestions.status_code == 503
    assert page.headers["retry-after"] == suggestions.headers["retry-after"] == "30"
    assert "Your question is still in the box" in page.text and 'value="print"' in page.text
    assert suggestions.json()["error"]["code"] == "manual_not_searchable"
    assert contents.status_code == 200


async def test_a_page_is_sent_again_only_when_it_has_changed(manual: Manual) -> None:
    pages: list[Sequence[Page]] = [[_page("First words.")]]
    async with serve(manual, pages=lambda: pages[-1]) as browser:
        first = await browser.get("/manual/one")
        tags = f'"other", W/{first.headers["etag"]}'
        again = await browser.get("/manual/one", headers={"If-None-Match": tags})
        pages.append([_page("Second words.")])
        changed = await browser.get("/manual/one", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert changed.status_code == 200
    assert "Second words." in changed.text and "First words." not in changed.text


async def test_an_empty_manual_still_has_contents_and_tips(manual: Manual) -> None:
    async with serve(manual, pages=list) as browser:
        contents = await browser.get("/manual/")
        tips = await browser.get("/manual/tips-for-faster-service")
    assert "This manual has no pages yet" in contents.text
    assert tips.status_code == 200


async def test_an_imported_page_names_its_source_and_runs_nothing(manual: Manual) -> None:
    source = "https://docs.example/a?b=1&c=2"
    page = Page("one", f"One {HOSTILE}", "Other", (), source_url=source, html=f"<p>{HOSTILE}</p>")
    async with serve(manual, pages=lambda: [page]) as browser:
        answer = await browser.get("/manual/one")
        contents = await browser.get("/manual/")
    assert 'href="https://docs.example/a?b=1&amp;c=2"' in answer.text
    assert Html(answer.text).inline == Html(contents.text).inline == []


async def test_static_files_have_their_types_and_may_be_kept_an_hour(manual: Manual) -> None:
    kinds = {
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".svg": "image/svg+xml",
    }
    async with serve(manual) as browser:
        for name in ("tokens.css", "accent.css", "manual.css", "search.js", "book.svg"):
            answer = await browser.get(f"/manual/static/{name}")
            assert answer.headers["content-type"] == kinds[Path(name).suffix]
            assert answer.headers["cache-control"] == "public, max-age=3600"
            tag = {"If-None-Match": answer.headers["etag"]}
            assert (await browser.get(f"/manual/static/{name}", headers=tag)).status_code == 304


def _page(text: str) -> Page:
    return Page("one", "One", "Chapter", (), markdown=text)
