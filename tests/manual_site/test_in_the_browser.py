"""The site in a real Chromium: search as you type, without JavaScript, on a phone, section links."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.browser import find_chromium
from tests.manual_site.site import Manual, serve

# One browser and one server serve the whole module, so its tests share an event loop.
pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]
PAGE = "/manual/reprint-an-invoice"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(manual: Manual) -> AsyncIterator[str]:
    async with serve(manual) as browser:
        yield str(browser.base_url).rstrip("/")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    path = find_chromium()
    assert path, "There is no Chromium on this machine; `make setup` says how to install it."
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        await browser.close()


async def _open(chromium: Browser, address: str, **options: Any) -> tuple[Page, list[str]]:
    """A new tab at that address, and the list that the console's complaints will go to."""
    page = await (await chromium.new_context(**options)).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(address)
    return page, complaints


async def test_a_section_is_found_and_opened_by_keyboard_alone(chromium: Browser, site: str) -> None:
    page, complaints = await _open(chromium, site + PAGE)
    field = page.get_by_role("combobox", name="Search the manual")
    await field.focus()
    await page.keyboard.type("restore under a new name", delay=5)
    await expect(page.get_by_role("option").first).to_be_visible()
    await expect(field).to_have_attribute("aria-expanded", "true")
    await page.keyboard.press("ArrowDown")
    chosen = page.get_by_role("option", selected=True)
    await expect(chosen).to_have_count(1)
    await expect(field).to_have_attribute("aria-activedescendant", await chosen.get_attribute("id") or "none")
    await expect(chosen).to_contain_text("Restore a backup")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/manual/restore-a-backup*")
    assert complaints == []


async def test_arrows_go_round_through_the_field_and_escape_closes(chromium: Browser, site: str) -> None:
    page, _ = await _open(chromium, site + PAGE)
    field = page.get_by_role("combobox")
    await field.focus()
    await page.keyboard.type("printer")
    options = page.get_by_role("option")
    await expect(options.first).to_be_visible()
    await page.keyboard.press("ArrowUp")
    await expect(options.last).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("option", selected=True)).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(options.first).to_be_hidden()
    await expect(field).to_have_attribute("aria-expanded", "false")
    await expect(field).to_have_value("printer")


async def test_a_lost_connection_is_reported_and_the_words_stay(chromium: Browser, site: str) -> None:
    page, _ = await _open(chromium, site + PAGE)
    await page.route("**/search.json*", lambda route: route.abort())
    await page.get_by_role("combobox").press_sequentially("printer")
    await expect(page.get_by_role("status")).to_have_text("The search could not be reached. Press Enter to try again.")
    await expect(page.get_by_role("combobox")).to_have_value("printer")


async def test_what_the_search_answers_is_shown_as_text(chromium: Browser, site: str) -> None:
    page, complaints = await _open(chromium, site + PAGE)
    hostile = "<img src=x onerror=alert(1)>"
    hit = {"url": PAGE, "title": hostile, "heading": hostile, "excerpt": hostile}
    answer = {"question": "x", "suggestion": None, "confident": True, "hits": [hit]}
    await page.route("**/search.json*", lambda route: route.fulfill(json=answer))
    await page.get_by_role("combobox").press_sequentially("printer")
    await expect(page.get_by_role("option")).to_contain_text(hostile)
    assert await page.locator("img").count() == 0
    assert complaints == []


async def test_search_and_pages_work_without_javascript(chromium: Browser, site: str) -> None:
    page, _ = await _open(chromium, site + "/manual/", java_script_enabled=False)
    await page.get_by_role("searchbox").fill("licence expired")
    await page.get_by_role("button", name="Search").click()
    await page.get_by_role("link", name="Licence expired", exact=True).first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Licence expired")


async def test_a_section_link_opens_below_the_bar_highlighted(chromium: Browser, site: str) -> None:
    address = f"{site}/manual/company-file-damaged#find-out-why"
    page, _ = await _open(chromium, address, viewport={"width": 1280, "height": 700})
    heading = page.locator("#find-out-why")
    await expect(heading).to_be_in_viewport()
    box, bar = await heading.bounding_box(), await page.get_by_role("banner").bounding_box()
    assert box and bar and box["y"] >= bar["height"]
    plain = page.locator("#do-this-first")
    ground = "element => getComputedStyle(element).backgroundColor"
    assert await heading.evaluate(ground) != await plain.evaluate(ground)


async def test_nothing_is_wider_than_a_small_phone(chromium: Browser, site: str) -> None:
    page, complaints = await _open(chromium, f"{site}/manual/", viewport={"width": 320, "height": 640})
    too_wide = []
    # One of each kind: with tables, with long names in code, with two levels of headings, no page at all.
    with_much_in_them = ["firewall-ports", "install-the-server", "error-codes-company-file", "no-such-page"]
    for slug in ["", "search?q=print", "tips-for-faster-service", *with_much_in_them]:
        await page.goto(f"{site}/manual/{slug}", wait_until="domcontentloaded")
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide.append(slug)
    assert too_wide == []
    assert [complaint for complaint in complaints if "404" not in complaint] == []


async def test_the_skip_link_is_the_first_stop_and_leads_to_the_text(chromium: Browser, site: str) -> None:
    page, _ = await _open(chromium, site + PAGE)
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the text")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()


async def test_paper_gets_the_text_without_the_site_around_it(chromium: Browser, site: str) -> None:
    page, _ = await _open(chromium, site + PAGE)
    await page.emulate_media(media="print")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    for around in ("header.top", "nav.book", "nav.sections", "nav.neighbours"):
        await expect(page.locator(around)).to_be_hidden()


async def test_the_browser_keeps_to_the_policy(chromium: Browser, site: str) -> None:
    page, complaints = await _open(chromium, site + PAGE)
    inline = "Object.assign(document.createElement('script'), {text: 'window.ran = 1'})"
    await page.evaluate(f"document.body.append({inline})")
    assert await page.evaluate("window.ran") is None
    assert any("Content Security Policy" in complaint for complaint in complaints)
